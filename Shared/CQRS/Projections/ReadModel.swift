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
    /// - Returns: the streams whose stored document had moved on; those were not written. All others were.
    /// - Throws: an error with a ``FailureCategory``; any subset may have been written, and repeating is safe.
    func write(_ changes: [ReadModelChange<Document>]) async throws -> Set<StreamID>
}

/// A read model that can be compared with the event store, and mended.
public protocol AuditableReadModel<Document>: ReadModel {
    /// The names of the streams that have a document, in order.
    ///
    /// - Parameters:
    ///   - stream: the last name of the page before; `nil` for the first page.
    ///   - limit: the most names to return, at least 1.
    /// - Throws: an error with a ``FailureCategory``.
    func streams(after stream: StreamID?, limit: Int) async throws -> [StreamID]

    /// Removes a document, if it is still at that version.
    ///
    /// - Returns: whether it was.
    /// - Throws: an error with a ``FailureCategory``; the document may have been removed.
    func remove(_ stream: StreamID, at version: Int64) async throws -> Bool
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

    /// Describes a write.
    public init(stream: StreamID, baseVersion: Int64, document: Document) {
        self.stream = stream
        self.baseVersion = baseVersion
        self.document = document
    }
}
