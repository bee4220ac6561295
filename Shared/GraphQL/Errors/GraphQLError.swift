// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An error as an answer tells it (section 7.1.6).
public struct GraphQLError: Error, Sendable {
    /// At which step it came up.
    public enum Kind: Sendable, Hashable {
        /// The text is no document.
        case syntax
        /// The document is larger than is followed.
        case limit(LimitedQuantity)
        /// A rule of section 5 does not hold.
        case validation(ValidationRuleName)
        /// There is no such operation, or its variables do not have the types they were declared with: nothing was executed.
        case request
        /// The answer would have more values, or more bytes, than it may; nothing of it is told.
        case answerLimit
        /// A field has no value; the rest of the answer has been worked out.
        case field
    }

    /// At which step it came up.
    public let kind: Kind
    /// What is wrong, for the author of the request. Holds names of the schema and the document, no values.
    public let message: String
    /// Where in the document.
    public let locations: [SourceLocation]
    /// From the leaf to the root, so that what is added last is cheap.
    var reversedPath: [PathElement] = []

    /// Which field of the answer it is about: response names and indexes of lists, from the root. Empty when it is
    /// about the whole request.
    public var path: [PathElement] { reversedPath.reversed() }

    /// What a resolver threw, for logs. The answer does not tell it.
    public internal(set) var cause: (any Error)?

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
        locations = []
    }

    init(_ kind: Kind, _ message: String, at offsets: [Int], in source: SourceText) {
        self.kind = kind
        self.message = message
        locations = offsets.map(source.location)
    }
}
