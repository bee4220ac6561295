// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// Why a number is none of those that are allowed. Never says which number.
public struct NumberFlaw: ExplainedFlaw, Sendable, Equatable {
    /// What to tell the one who sent it.
    public let explanation: String

    /// - Parameter range: the numbers that are allowed, such as `from 1 to 9`.
    init(_ range: String) { explanation = "must be a whole number \(range)" }
}
