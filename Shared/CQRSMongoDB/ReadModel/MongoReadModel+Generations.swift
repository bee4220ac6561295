// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import MongoDB

extension MongoReadModel: GenerationReadModel {
    /// The documents with a value in a field, at most ten.
    ///
    /// - Throws: ``MongoError``.
    public func matches(
        where field: ReadModelField<Document>, equals value: String
    ) async throws -> [StreamID: Document] {
        let found = try await collection.find(
            [field.name: .string(value)], sort: [Self.timeField: -1, Self.streamField: -1], limit: 10
        ).toArray()
        var documents: [StreamID: Document] = [:]
        for stored in found {
            guard let stream = stored[Self.streamField]?.stringValue.flatMap({ StreamID($0) }) else { continue }
            documents[stream] = try BSONDecoder().decode(Document.self, from: stored)
        }
        return documents
    }

    /// The streams that have a document, in order, with its version; nothing else leaves the server.
    ///
    /// - Throws: ``MongoError``.
    public func versions(after stream: StreamID?, limit: Int) async throws -> [(stream: StreamID, version: Int64)] {
        try await collection.find(
            [Self.streamField: ["$gt": .string(stream?.name ?? "")]], sort: [Self.streamField: 1],
            projection: [Self.versionField: 1], limit: limit, batchSize: limit
        ).toArray().compactMap { stored in
            guard let stream = stored[Self.streamField]?.stringValue.flatMap({ StreamID($0) }),
                let version = stored[Self.versionField]?.intValue
            else { return nil }
            return (stream: stream, version: Int64(version))
        }
    }

    /// Drops the collection, if there is one, and that of its entries.
    ///
    /// - Throws: ``MongoError``.
    public func drop() async throws {
        try await collection.drop()
        if Document.hasEntries { try await entries.drop() }
        try await dropSums()
    }
}
