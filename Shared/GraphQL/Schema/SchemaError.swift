// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A schema that cannot be used.
public struct SchemaError: Error, Sendable, CustomStringConvertible {
    /// What is wrong: at least one sentence.
    public let problems: [String]

    /// All problems, one a line.
    public var description: String { problems.joined(separator: "\n") }
}
