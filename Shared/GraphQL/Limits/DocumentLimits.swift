// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How much of a document is read and followed; what is beyond is refused with an error that names the limit.
///
/// Everything that is done with a document takes stack in proportion to `nesting`, memory and time in proportion to the rest.
public struct DocumentLimits: Sendable {
    /// The text's length, in bytes of UTF-8.
    public var bytes = 16 * 1024
    /// Names, numbers, strings and punctuators of the text.
    public var tokens = 2_000
    /// How many selection sets, lists and objects may be open at once, with fragments where they are spread. What the parser and
    /// all that follows recurse by: keep it below 250.
    public var nesting = 64
    /// How deep fields may stand in each other, with fragments where they are spread. Introspection does not count: the query by
    /// which tools read a schema is deeper than others need to be.
    public var depth = 12
    /// The fields that an operation selects, with fragments where they are spread: what it costs at least.
    public var fields = 1_000
    /// Fields under another name than their own, with fragments where they are spread.
    public var aliases = 1_000
    /// The directives of the document.
    public var directives = 200
    /// How many errors of validation are told.
    public var errors = 100
    /// Steps of comparing fields that share a name in the answer, the one rule whose work is not in proportion to the document. Two
    /// dozen fragments that share all of two dozen fields, which is as many words as a document has, take a quarter.
    public var comparisons = 25_000

    /// Creates the usual limits.
    public init() {}
}
