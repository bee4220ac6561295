// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Where a read model is kept: one document for each stream, each with the version it reflects.
public protocol ReadModel<Document>: ReadModelQueries {
    /// Makes the store ready for writes and look-ups, say by creating indexes. Harmless when it is ready already.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    func prepare() async throws

    /// Writes documents durably, each only if the stored one is still at the version it was computed from.
    ///
    /// Entries are written first, whether or not the document is: nobody shows them before a document reflects them. A
    /// document that ends them is written first, and then they go; written again, it removes them again.
    ///
    /// - Returns: the streams whose stored document had moved on; those were not written. All others were.
    /// - Throws: an error with a ``FailureCategory``; any subset may have been written, and repeating is safe.
    func write(_ changes: [ReadModelChange<Document>]) async throws -> Set<StreamID>
}

/// A read model that can be compared with the event store, and mended.
public protocol AuditableReadModel<Document>: ReadModel, ReadModelEntries {
    /// The names of the streams that have a document, in order.
    ///
    /// - Parameters:
    ///   - stream: the last name of the page before; `nil` for the first page.
    ///   - limit: the most names to return, at least 1.
    /// - Throws: an error with a ``FailureCategory``.
    func streams(after stream: StreamID?, limit: Int) async throws -> [StreamID]

    /// Removes a document, if it is still at that version, and then the entries beside it.
    ///
    /// - Returns: whether it was.
    /// - Throws: an error with a ``FailureCategory``; the document may have been removed.
    func remove(_ stream: StreamID, at version: Int64) async throws -> Bool

    /// Compares the sums with what the documents add up to, both as they are at one moment.
    ///
    /// - Parameter found: called with some of the differences at a time, at least once at the end.
    /// - Returns: how many rows were compared.
    /// - Throws: an error with a ``FailureCategory``, and what `found` throws.
    func compareSums(_ found: ([SumDifference]) async throws -> Void) async throws -> Int

    /// Adds to rows what they lack. Those that somebody has mended since they were looked at stay as they are: so it may be
    /// repeated, and two may do it who have found the same.
    ///
    /// - Throws: an error with a ``FailureCategory``; some may have been mended.
    func mend(_ differences: [SumDifference]) async throws
}

/// A field by which documents are looked up. A store keeps an index on it.
public struct ReadModelField<Document: ReadModelDocument>: Sendable {
    /// The field's name in storage; it never changes.
    public let name: String
    /// Reads the field; `nil` where the document has none.
    public let value: @Sendable (Document) -> String?

    /// Names a field.
    public init(_ name: String, _ value: @escaping @Sendable (Document) -> String?) {
        self.name = name
        self.value = value
    }
}

/// One document to be written.
public struct ReadModelChange<Document: ReadModelDocument>: Sendable, Equatable {
    /// The stream it belongs to.
    public let stream: StreamID
    /// The version it was computed from; 0 when there was no document.
    public let baseVersion: Int64
    /// The document to be stored.
    public let document: Document
    /// The entries to be stored before it: at least those of the events behind the base version.
    public let entries: [Document.Entry]
    /// Whether these are all entries that the document reflects: others up to its version or the base version are of
    /// another history, and are removed before it is stored.
    public let isWhole: Bool

    /// Describes a write.
    ///
    /// - Parameters:
    ///   - entries: left out when the document ends them.
    ///   - isWhole: whether the document was made anew, from all its stream's events.
    public init(
        stream: StreamID, baseVersion: Int64, document: Document, entries: [Document.Entry] = [], isWhole: Bool = false
    ) {
        self.stream = stream
        self.baseVersion = baseVersion
        self.document = document
        self.entries = document.endsEntries ? [] : entries
        self.isWhole = isWhole
    }
}
