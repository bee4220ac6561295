// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// Why a number is none of those that are allowed. Never says which number.
public struct NumberFlaw: ExplainedFlaw, Sendable, Equatable {
    /// What to tell the one who sent it.
    public let explanation: String

    /// - Parameters:
    ///   - range: the numbers that are allowed.
    ///   - unit: of what.
    init(_ range: ClosedRange<Int>, of unit: String? = nil) {
        let unit = unit.map { " of \($0)" } ?? ""
        explanation = "must be a whole number\(unit) from \(range.lowerBound) to \(range.upperBound)"
    }
}
