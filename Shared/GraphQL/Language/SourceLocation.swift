// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A place in the text of a document, as errors tell it.
public struct SourceLocation: Sendable, Hashable {
    /// The line, from 1; lines end as the language's line terminators say (section 2.1.3).
    public let line: Int
    /// The column, from 1, in Unicode scalar values, which are the language's characters (section 2.1).
    public let column: Int
}
