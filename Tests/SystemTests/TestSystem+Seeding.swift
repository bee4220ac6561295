// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import HTTPTestSupport
import Logging
import MongoDB
import TestSupport
import Users

@testable import CQRSMongoDB

extension TestSystem {
    private static let quietLogger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// The broker, as its administrator.
    private func administrator() throws -> AMQPConfiguration {
        try AMQPConfiguration(url: "amqp://guest:guest@127.0.0.1:\(broker.port)/%2F")
    }

    /// The database's client for the time of a body.
    func withMongoDB<Value>(_ body: (MongoClient) async throws -> Value) async throws -> Value {
        let client = try MongoClient(
            configuration: MongoConfiguration(uri: "mongodb://127.0.0.1:\(database.port)/?directConnection=true"),
            logger: Self.quietLogger)
        do {
            let value = try await body(client)
            await client.close(within: .zero)
            return value
        } catch {
            await client.close(within: .zero)
            throw error
        }
    }

    /// Puts events into the event store as if a command API had, and publishes nothing.
    func store(_ events: [RecordedEvent]) async throws {
        try await withMongoDB { client in
            let collection = client.database("cqrs_write").collection("events")
            let writer = WriterID()
            for start in stride(from: 0, to: events.count, by: 1000) {
                let documents = try events[start..<min(start + 1000, events.count)].enumerated().map { index, event in
                    try EventDocument.encode(
                        EventAppend(Commit(event), writer: writer, sequence: Int64(start + index) + 1)
                    ).document
                }
                try await collection.insertMany(documents)
            }
        }
    }

    /// Changes the schema version of a stored event.
    func setSchema(_ schema: Int, of event: RecordedEvent) async throws {
        try await withMongoDB { client in
            let result = try await client.database("cqrs_write").collection("events").updateOne(
                ["_id": .string(EventDocument.id(event.stream, event.version))],
                ["$set": ["schema": .int32(Int32(schema))]])
            precondition(result.matchedCount == 1)
        }
    }

    /// Has the database refuse users of a name in the read model; `nil` ends it.
    func refuseUsers(named name: String?) async throws {
        try await withMongoDB { client in
            let validator: BSONDocument = name.map { ["name": ["$ne": .string($0)]] } ?? [:]
            _ = try await client.database("cqrs_read").runCommand([
                "collMod": "users", "validator": .document(validator),
            ])
        }
    }

    /// Runs a body with a publisher of events.
    func publishing(_ body: (AMQPEventPublisher, AMQPPublisher) async throws -> Void) async throws {
        let publisher = AMQPPublisher(configuration: try administrator(), logger: Self.quietLogger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await publisher.run() }
            defer { group.cancelAll() }
            try await eventually("connected") { publisher.status == .connected }
            try await body(AMQPEventPublisher(publisher: publisher, application: "system-tests"), publisher)
        }
    }

    /// Deletes a queue with all that is in it, as the management UI does.
    func deleteQueue(_ queue: String) async throws {
        try await AMQPConnection.withConnection(try administrator()) { _ = try await $0.deleteQueue(queue) }
    }

    /// Declares exchanges, queues and bindings as administrator.
    func declare(_ topology: AMQPTopology) async throws {
        try await AMQPConnection.withConnection(try administrator()) { try await $0.declare(topology) }
    }

    /// What `consumer verify users` says. - Returns: its exit status and last line.
    func verify(patience: Int = 10, limit: Duration = .seconds(120)) async throws -> CommandResult {
        try await consumer.run(["verify", "users", "--patience", "\(patience)"], limit: limit)
    }
}
