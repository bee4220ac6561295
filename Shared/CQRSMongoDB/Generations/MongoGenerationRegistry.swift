// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials
public import MongoDB

/// The registry of generations in the collection `generations`: one document a read model, `_id` its name. Leases go by
/// the server's clock.
///
/// The client's write concern must be majority and journaled, its read concern majority.
public struct MongoGenerationRegistry: GenerationRegistry {
    private enum Field {
        static let id = "_id"
        static let revision = "revision"
        static let state = "state"
        static let owner = "owner"
        static let heartbeat = "heartbeat"
    }

    private let collection: MongoCollection

    /// A registry in a database.
    ///
    /// - Parameters:
    ///   - client: must stay open for as long as the registry is used.
    ///   - database: the database's name, `cqrs_read` by convention.
    public init(client: MongoClient, database: String) {
        collection = client.database(database).collection("generations")
    }

    /// What is written.
    ///
    /// - Throws: ``MongoError``.
    public func read(_ readModel: String) async throws -> GenerationRecord {
        try await collection.findOne([Field.id: .string(readModel)]).map(decode) ?? GenerationRecord()
    }

    /// What is written of every read model, or why it cannot be decoded.
    ///
    /// - Throws: ``MongoError``.
    public func readAll() async throws -> [String: Result<GenerationRecord, any Error>] {
        var found: [String: Result<GenerationRecord, any Error>] = [:]
        for stored in try await collection.find([:]).toArray() {
            guard let name = stored[Field.id]?.stringValue else { continue }
            found[name] = Result { try decode(stored) }
        }
        return found
    }

    /// Takes the lease, if it is free or its holder silent.
    ///
    /// - Throws: ``MongoError``.
    public func take(
        _ readModel: String, for owner: UUIDv7, silentFor silence: Duration
    ) async throws -> GenerationRecord? {
        // `$expr` and `upsert` exclude each other.
        _ = try await collection.updateOne(
            [Field.id: .string(readModel)],
            [
                "$setOnInsert": [
                    Field.revision: .int64(0),
                    Field.state: .document(try BSONEncoder().encode(GenerationState())), Field.owner: .null,
                ]
            ], upsert: true)
        let milliseconds = Int64(silence / .milliseconds(1))
        return try await collection.findOneAndUpdate(
            [
                Field.id: .string(readModel),
                "$or": [
                    [Field.owner: .null], [Field.owner: .string(owner.description)],
                    // A sign of life from the future is as dead as one from the past: the server's clock was set back.
                    [
                        "$expr": [
                            "$gt": [
                                ["$abs": ["$subtract": ["$$NOW", .string("$\(Field.heartbeat)")]]],
                                .int64(milliseconds),
                            ]
                        ]
                    ],
                ],
            ],
            ["$set": [Field.owner: .string(owner.description)], "$currentDate": [Field.heartbeat: true]],
            returnsNew: true
        ).map(decode)
    }

    /// Shows that the holder lives.
    ///
    /// - Throws: ``MongoError``.
    public func hold(_ readModel: String, as owner: UUIDv7) async throws -> Bool {
        let result = try await collection.updateOne(
            own(readModel, owner), ["$currentDate": [Field.heartbeat: true]])
        return result.matchedCount > 0
    }

    /// Writes a state over the revision before it.
    ///
    /// - Throws: ``MongoError``.
    public func write(
        _ record: GenerationRecord, of readModel: String, as owner: UUIDv7
    ) async throws -> GenerationRecord? {
        try await collection.findOneAndUpdate(
            [
                Field.id: .string(readModel), Field.owner: .string(owner.description),
                Field.revision: .int64(record.revision),
            ],
            [
                "$set": [
                    Field.state: .document(try BSONEncoder().encode(record.state)),
                    Field.revision: .int64(record.revision + 1),
                ], "$currentDate": [Field.heartbeat: true],
            ], returnsNew: true
        ).map(decode)
    }

    /// Gives the lease up.
    ///
    /// - Throws: ``MongoError``.
    public func release(_ readModel: String, as owner: UUIDv7) async throws {
        _ = try await collection.updateOne(own(readModel, owner), ["$set": [Field.owner: .null]])
    }

    private func own(_ readModel: String, _ owner: UUIDv7) -> BSONDocument {
        [Field.id: .string(readModel), Field.owner: .string(owner.description)]
    }

    private func decode(_ stored: BSONDocument) throws -> GenerationRecord {
        guard let revision = stored[Field.revision]?.intValue, let state = stored[Field.state]?.documentValue else {
            throw MongoError(.invalidBSON, "the registry of generations")
        }
        return GenerationRecord(
            state: try BSONDecoder().decode(GenerationState.self, from: state), revision: Int64(revision))
    }
}
