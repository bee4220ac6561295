// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A read model whose entries can be read.
public protocol ReadModelEntries<Document>: ReadModelQueries {
    /// The entries between two positions, in order.
    ///
    /// They are written before the document that reflects them, and removed after one that ends them. So of a stream those
    /// are exact that are not beyond the version which its document had before, if the document still exists afterwards.
    ///
    /// - Parameters:
    ///   - start: the position before the first.
    ///   - end: the last position, in a stream of the same category.
    ///   - limit: the most to return, at least 1; `nil` for all.
    /// - Throws: an error with a ``FailureCategory``; nothing was read.
    func entries(
        after start: EventPosition, through end: EventPosition, limit: Int?
    ) async throws -> [(position: EventPosition, entry: Document.Entry)]
}

extension ReadModelEntries where Document.Entry == Never {
    /// None.
    public func entries(
        after start: EventPosition, through end: EventPosition, limit: Int?
    ) async throws -> [(position: EventPosition, entry: Never)] { [] }
}
