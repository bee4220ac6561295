// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Why a value from outside is refused, in words for whoever sent it. It never quotes the value.
public protocol ExplainedFlaw: Error {
    /// What to tell the one who sent it, such as `must not be empty`.
    var explanation: String { get }
}
