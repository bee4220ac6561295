// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// One line of a body in NDJSON (one JSON text a line).
public struct NDJSONLine: Sendable, Equatable {
    /// What is in a line.
    public enum Content: Sendable, Equatable {
        /// Its bytes, without the line's end.
        case text([UInt8])
        /// More than the limit allows; it was not kept.
        case tooLong
    }

    /// Its place in the body, counted from 1. Blank lines count.
    public let number: Int
    /// What is in it.
    public let content: Content

    /// Describes a line.
    public init(number: Int, content: Content) {
        self.number = number
        self.content = content
    }
}
