// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSMongoDB
import Essentials
import Foundation
import Logging
import MongoDB
import TestSupport
import Users

@testable import OperatorConsole

/// Databases of a test's own, with the read model of users.
struct ConsoleDatabase {
    let system: ConsoleSystem
    let users: any InspectedReadModel

    private var model: MongoReadModel<UserDocument> { system.model(UserProjection.self, .first) }

    /// Makes them for the time of a body; on a machine without a database the body is left out.
    static func with(_ body: @Sendable (ConsoleDatabase) async throws -> Void) async throws {
        guard let uri = try TestEnvironment.mongoURI() else { return }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let mongodb = try MongoClient(configuration: try MongoConfiguration(uri: uri), logger: logger)
        let name = "console_\(UUID().uuidString.prefix(8))"
        let database = mongodb.database(name)
        let events = MongoEventStore(client: mongodb, database: name, logger: logger)
        let system = ConsoleSystem(
            events: events, registry: MongoGenerationRegistry(client: mongodb, database: name), database: database,
            amqp: AMQPConfiguration())
        let run = Task { try await events.run() }
        do {
            try await events.prepare()
            try await body(ConsoleDatabase(system: system, users: inspect(UserProjection.self, in: system)))
        } catch {
            run.cancel()
            try? await database.drop()
            await mongodb.close(within: .zero)
            throw error
        }
        run.cancel()
        try await database.drop()
        await mongodb.close(within: .zero)
    }

    /// Appends a user's events, and applies the first few of them.
    func append(_ events: [RecordedEvent], by writer: WriterID = WriterID(), applied: Int) async throws {
        for (index, event) in events.enumerated() {
            let append = EventAppend(Commit(event), writer: writer, sequence: Int64(index + 1))
            guard try await system.events.append(append) == .appended else { throw NotAppended() }
        }
        guard applied > 0 else { return }
        var document: UserDocument?
        for event in events.prefix(applied) {
            document = try UserProjection.evolve(document, try UserEvent.decode(event), event)
        }
        guard let document, let stream = events.first?.stream else { return }
        _ = try await model.write([ReadModelChange(stream: stream, baseVersion: 0, document: document)])
    }

    private struct NotAppended: Error {}
}

/// A user's stream: registered, then renamed so many times.
func userEvents(_ count: Int) -> [RecordedEvent] {
    let id = UUIDv7(at: .now())
    return (1...count).map { version in
        let name = version == 1 ? "Ada" : "Ada \(version)"
        let data = #"{"id":"\#(id)","name":"\#(name)","email":"\#(id)@example.org"}"#
        return RecordedEvent(
            id: UUIDv7(at: .now()), stream: StreamID(category: "user", id: id), version: Int64(version),
            type: version == 1 ? "user.created" : "user.updated", schema: 1, recordedAt: .now(), data: Array(data.utf8),
            metadata: EventMetadata(correlationID: "test"))
    }
}
