// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import CQRS
internal import CQRSMongoDB
internal import MongoDB

/// The parts of the system that the console looks at.
struct ConsoleSystem: Sendable {
    let events: MongoEventStore
    let registry: MongoGenerationRegistry
    /// The database with the read models.
    let database: MongoDatabase
    let amqp: AMQPConfiguration

    /// The documents of one generation of a read model.
    func model<P: Projection>(_ projection: P.Type, _ generation: Generation) -> MongoReadModel<P.Document> {
        MongoReadModel(P.self, generation, in: database)
    }
}
