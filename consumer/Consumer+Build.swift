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
    let consumer = AMQPConsumer(
        configuration: configuration.amqp, queue: queue, prefetch: configuration.prefetch,
        topology: EventTopology.subscription(of: Users.name, eventPattern: Users.eventPattern),
        logger: telemetry.logger(for: "amqp"))
    let letters = AMQPPublisher(configuration: configuration.amqp, logger: telemetry.logger(for: "amqp"))
    let projector = Projector(
        UserProjection.self, name: Users.name,
        subscription: AMQPEventSubscription(consumer: consumer, publisher: letters, queue: queue),
        // It is not run and not prepared: that is for those who append. The right to read is enough.
        history: MongoEventStore(
            client: mongodb, database: configuration.writeDatabase, logger: telemetry.logger(for: "events")),
        model: MongoReadModel(
            collection: mongodb.database(configuration.readDatabase).collection(Users.name),
            lookups: [UserDocument.byEmail], lists: [UserDocument.byName]),
        batchSize: configuration.batchSize, logger: telemetry.logger(for: "projector"))

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
            projector,
        ],
        http: http.makeApplication(router: http.makeRouter()))
}
