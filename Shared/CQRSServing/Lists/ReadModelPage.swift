// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// One page of ``ReadModelListing/page(by:prefix:after:limit:)``.
public struct ReadModelPage<Document: ReadModelDocument>: Sendable, Equatable {
    /// One document with the stream that it is of.
    public struct Entry: Sendable, Equatable {
        /// The stream.
        public let stream: StreamID
        /// Its document.
        public let document: Document

        /// Pairs a document with its stream.
        public init(stream: StreamID, document: Document) {
            self.stream = stream
            self.document = document
        }

        /// Where the document is in the order of a field; `nil` where it has none.
        public func position(by field: ReadModelField<Document>) -> ReadModelPosition? {
            field.value(document).map { ReadModelPosition(value: $0, stream: stream) }
        }
    }

    /// What is on the page, in order.
    public let entries: [Entry]
    /// Where the next page begins; `nil` when this is the last.
    public let next: ReadModelPosition?

    /// A page.
    public init(entries: [Entry], next: ReadModelPosition?) {
        self.entries = entries
        self.next = next
    }

    /// A page of so many entries at most.
    ///
    /// - Parameters:
    ///   - entries: those that follow the page before, in order; at least one more than the limit if there are more.
    ///   - limit: the most to keep, at least 1.
    ///   - field: what they are in order of.
    public init(_ entries: [Entry], limit: Int, by field: ReadModelField<Document>) {
        self.entries = Array(entries.prefix(limit))
        next = entries.count > limit ? self.entries.last?.position(by: field) : nil
    }
}
