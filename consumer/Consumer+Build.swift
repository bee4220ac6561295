// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import CQRSMongoDB
import Logging
import MongoDB
import ServiceKit
import Users

/// Puts the consumer together: RabbitMQ → projection → read model, with the event store for what does not arrive.
func buildService(_ configuration: ConsumerConfiguration, telemetry: Telemetry) throws -> RunnableService {
    let mongodb = try MongoClient(configuration: configuration.mongodb, logger: telemetry.logger(for: "mongodb"))
    let queue = EventTopology.queue(of: Users.name)
    // It is not run and not prepared: that is for those who append. The right to read is enough.
    let events = MongoEventStore(
        client: mongodb, database: configuration.writeDatabase, logger: telemetry.logger(for: "events"))
    let readDatabase = mongodb.database(configuration.readDatabase)
    let model = MongoReadModel(collection: readDatabase.collection(Users.name), lookups: [UserDocument.byEmail], lists: [UserDocument.byName])
    let catchUp = CatchUp(
        ReadModelAudit(
            UserProjection.self, events: events, model: model, category: Users.streamCategory, patience: .seconds(5),
            parallel: 2),
        ledger: MongoCatchUpLedger(collection: readDatabase.collection("catch_ups"), queue: queue),
        logger: telemetry.logger(for: "catch-up"))
    let consumer = AMQPConsumer(
        configuration: configuration.amqp, queue: queue, prefetch: configuration.prefetch,
        topology: EventTopology.subscription(of: Users.name, eventPattern: Users.eventPattern),
        willCreateQueue: { try await catchUp.request() }, logger: telemetry.logger(for: "amqp"))
    let letters = AMQPPublisher(configuration: configuration.amqp, logger: telemetry.logger(for: "amqp"))
    let projector = Projector(
        UserProjection.self, name: Users.name,
        subscription: AMQPEventSubscription(consumer: consumer, publisher: letters, queue: queue),
        history: events, model: model, batchSize: configuration.batchSize, logger: telemetry.logger(for: "projector"))
    let lag = QueueLag(
        configuration: configuration.amqp, queue: queue, projection: Users.name, inHand: { consumer.unsettledCount },
        logger: telemetry.logger(for: "amqp"))

    let health = Health([
        ReadinessCheck("rabbitmq") { consumer.status.readiness },
        ReadinessCheck("rabbitmq dead letters") { letters.status.readiness },
        ReadinessCheck("mongodb") { await mongodb.readiness() },
    ])
    let http = HTTPService(
        configuration: configuration.http, health: health, metrics: telemetry.metrics,
        logger: telemetry.logger(for: "http"))
    return RunnableService(
        name: Consumer.name, health: health, logger: telemetry.logger(for: Consumer.name),
        // Each part outlives those after it: what is in hand can still be written, put aside and acknowledged.
        parts: [
            AtShutdown { await mongodb.close() },
            UntilShutdown { try await letters.run() },
            UntilShutdown { try await consumer.run() },
            UntilShutdown { await lag.run() },
            UntilShutdown { await catchUp.run { consumer.status == .connected } },
            projector,
        ],
        http: http.makeApplication(router: http.makeRouter()))
}
