// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import MongoDB
public import Tracing

/// A read model in one MongoDB collection: one document for each stream, `_id` the stream's name. Entries, where it has any,
/// are in another one beside it.
///
/// The client's write concern must be majority and journaled: ``write(_:)`` promises that what it returned is durable.
public struct MongoReadModel<Document: ReadModelDocument>: AuditableReadModel {
    static var streamField: String { "_id" }
    static var versionField: String { "version" }
    static var timeField: String { "updatedAt" }

    let collection: MongoCollection
    private let lookups: [ReadModelField<Document>]
    private let lists: [ReadModelField<Document>]
    private let finds: GroupedFinds
    private var tracer: (any Tracer)?

    /// Keeps documents in a collection of their own.
    ///
    /// - Parameters:
    ///   - lookups: the fields that documents are looked up by; ``prepare()`` creates an index for each.
    ///   - lists: the fields that documents are listed by; ``prepare()`` creates an index for each.
    ///   - finds: does the look-ups; give the same to all who look up in the same collection.
    public init(
        collection: MongoCollection, lookups: [ReadModelField<Document>], lists: [ReadModelField<Document>] = [],
        finds: GroupedFinds = GroupedFinds()
    ) {
        self.collection = collection
        self.lookups = lookups
        self.lists = lists
        self.finds = finds
    }

    /// Keeps the documents of one generation of a read model, under its name.
    ///
    /// - Parameters:
    ///   - database: that of all read models.
    ///   - finds: does the look-ups; give the same to all who look up in the same collection.
    public init<P: Projection>(
        _ projection: P.Type, _ generation: Generation, in database: MongoDatabase,
        finds: GroupedFinds = GroupedFinds()
    ) where P.Document == Document {
        self.init(
            collection: database.collection(generation.name(of: P.name)), lookups: P.lookups, lists: P.lists,
            finds: finds)
    }

    /// The same with a span for each write within something that is traced; with `nil` without.
    public func traced(by tracer: (any Tracer)?) -> MongoReadModel {
        var model = self
        model.tracer = tracer
        return model
    }

    /// Creates the indexes that look-ups and lists need, unless they exist.
    ///
    /// - Throws: ``MongoError``.
    public func prepare() async throws {
        // Documents without the field, such as tombstones, are not found by it. The time is no part of the index: then
        // every update would have to write there, too, and there is one match to sort, or for a moment a few.
        try await collection.createIndexes(
            lookups.map { MongoIndex([$0.name: 1], sparse: true) } + lists.map { ListQuery.index($0.name) })
        try await prepareSums()
    }

    /// The documents that exist. One alone is found together with others that are asked for at the same time.
    ///
    /// - Throws: ``MongoError``.
    public func load(_ streams: Set<StreamID>) async throws -> [StreamID: Document] {
        if let stream = streams.first, streams.count == 1 {
            let found = try await finds.documents(where: Self.streamField, equals: stream.name, in: collection).first
            return try found.map { [stream: try BSONDecoder().decode(Document.self, from: $0)] } ?? [:]
        }
        var filter = BSONWriter()
        filter.appendDocument(Self.streamField) { $0.append("$in", streams.map(\.name)) }
        var documents: [StreamID: Document] = [:]
        for try await stored in collection.find(try filter.finish()) {
            guard let name = stored[Self.streamField]?.stringValue, let stream = StreamID(name) else { continue }
            documents[stream] = try BSONDecoder().decode(Document.self, from: stored)
        }
        return documents
    }

    /// Writes each document if the stored one is still at the version it was computed from, all in one bulk.
    ///
    /// - Returns: the streams whose stored document had moved on.
    /// - Throws: ``MongoError``.
    public func write(_ changes: [ReadModelChange<Document>]) async throws -> Set<StreamID> {
        guard let tracer, let context = InstrumentationContext.current else { return try await writeAll(changes) }
        let span = tracer.startSpan("update \(collection.name)", context: context, ofKind: .client)
        defer { span.end() }
        if span.isRecording { span.describe("update", on: collection, count: changes.count) }
        // A failure is the projector's to judge, which goes on trying.
        return try await writeAll(changes)
    }

    /// Writes together what can be. Where many documents meet others again and again, since they want many rows of sums, half of them is
    /// tried.
    private func writeAll(
        _ changes: [ReadModelChange<Document>], until deadline: ContinuousClock.Instant? = nil
    ) async throws -> Set<StreamID> {
        let deadline = deadline ?? .now + collection.client.operationTimeout
        do {
            return try await writeTogether(changes, until: deadline)
        } catch let error as MongoError where error.code == .writeConflict && changes.count > 1 {
            let half = changes.count / 2
            return try await writeAll(Array(changes.prefix(half)), until: deadline)
                .union(try await writeAll(Array(changes.dropFirst(half)), until: deadline))
        }
    }

    private func writeTogether(
        _ changes: [ReadModelChange<Document>], until deadline: ContinuousClock.Instant
    ) async throws -> Set<StreamID> {
        if Document.hasEntries { try await writeEntries(of: changes) }
        let lost =
            Document.sums.isEmpty
            ? try await writeAlone(changes) : try await writeWithSums(changes, until: deadline)
        if Document.hasEntries {
            try await removeEntries(
                of: changes.filter { $0.document.endsEntries && !lost.contains($0.stream) }.map(\.stream))
        }
        return lost
    }

    private func writeAlone(_ changes: [ReadModelChange<Document>]) async throws -> Set<StreamID> {
        let result = try await collection.bulkWrite(changes.map(write(of:)), ordered: false)
        if let error = result.writeConcernError { throw error }
        var lost: Set<StreamID> = []
        for error in result.writeErrors {
            guard error.code == .duplicateKey, error.keyPattern?[Self.streamField] != nil else { throw error }
            lost.insert(changes[error.index].stream)
        }
        return lost
    }

    /// The names of the streams that have a document, in order, from the primary key alone.
    ///
    /// - Throws: ``MongoError``.
    public func streams(after stream: StreamID?, limit: Int) async throws -> [StreamID] {
        try await collection.find(
            [Self.streamField: ["$gt": .string(stream?.name ?? "")]], sort: [Self.streamField: 1],
            projection: [Self.streamField: 1], limit: limit, batchSize: limit
        ).toArray().compactMap { $0[Self.streamField]?.stringValue.flatMap { StreamID($0) } }
    }

    /// Removes a document, if it is still at that version.
    ///
    /// - Throws: ``MongoError``.
    public func remove(_ stream: StreamID, at version: Int64) async throws -> Bool {
        let isRemoved =
            Document.sums.isEmpty
            ? try await collection.deleteOne([
                Self.streamField: .string(stream.name), Self.versionField: .int64(version),
            ]) > 0 : try await removeWithSums(stream, at: version)
        if Document.hasEntries, isRemoved { try await removeEntries(of: [stream]) }
        return isRemoved
    }

    /// The document with a value in a field; of several, the one whose last event was recorded last.
    ///
    /// - Throws: ``MongoError``.
    public func first(where field: ReadModelField<Document>, equals value: String) async throws -> Document? {
        let found = try await finds.documents(where: field.name, equals: value, in: collection)
        let decoder = BSONDecoder()
        if found.count == 1 { return try decoder.decode(Document.self, from: found[0]) }
        // For a moment there are several, never many.
        return try found.map { ($0[Self.streamField]?.stringValue ?? "", try decoder.decode(Document.self, from: $0)) }
            .max { ($0.1.updatedAt, $0.0) < ($1.1.updatedAt, $1.0) }?.1
    }

    /// The write of one change, which fails with a duplicate `_id` if the stored document has moved on.
    ///
    /// A new document is a plain insert. An update is a replacement of the base version, as an upsert: where that
    /// version is gone, the server tries to insert under the same `_id`. So each operation of a bulk reports its own
    /// outcome, where a count of matches could not tell which of them missed.
    private func write(of change: ReadModelChange<Document>) throws -> MongoWrite {
        let stored = try stored(change)
        guard change.baseVersion > 0 else { return .insertOne(stored) }
        return .replaceOne(
            filter: [Self.streamField: .string(change.stream.name), Self.versionField: .int64(change.baseVersion)],
            replacement: stored, upsert: true)
    }

    /// A change's document as it is stored.
    func stored(_ change: ReadModelChange<Document>) throws -> BSONDocument {
        var stored = BSONWriter(capacity: 256)
        stored.append(Self.streamField, change.stream.name)
        try BSONEncoder().encode(change.document, into: &stored)
        return try stored.finish()
    }
}
