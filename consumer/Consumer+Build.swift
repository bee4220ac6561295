// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import CQRSMongoDB
import Logging
import MongoDB
import ServiceKit
import ServiceLifecycle

/// Puts the consumer together: RabbitMQ → projection → read model, once for each generation of a read model that is fed, with
/// the event store for what does not arrive.
func buildService(_ configuration: ConsumerConfiguration, telemetry: Telemetry) throws -> RunnableService {
    let mongodb = try MongoClient(configuration: configuration.mongodb, logger: telemetry.logger(for: "mongodb"))
    let publisher = AMQPPublisher(
        configuration: configuration.amqp, topology: NoticeTopology.topology, logger: telemetry.logger(for: "amqp"))
    func feed<P: Projection>(_ projection: P.Type) -> (parts: [any Service], check: ReadinessCheck) {
        let feeds = ReadModelFeeds(
            P.self, configuration, mongodb: mongodb, publisher: publisher, telemetry: telemetry)
        return (feeds.parts, ReadinessCheck("rabbitmq \(P.name)") { feeds.readiness })
    }
    let fed = readModels.map { feed($0) }

    let health = Health(
        fed.map(\.check) + [
            ReadinessCheck("rabbitmq notices, retries and dead letters") { publisher.status.readiness },
            ReadinessCheck("mongodb") { await mongodb.readiness() },
        ])
    let http = HTTPService(
        name: Consumer.name, configuration: configuration.http, health: health, metrics: telemetry.metrics,
        logger: telemetry.logger(for: "http"))
    return RunnableService(
        name: Consumer.name, health: health, logger: telemetry.logger(for: Consumer.name),
        // Each part outlives those after it: what is in hand can still be written, put aside and acknowledged.
        parts: [
            AtShutdown { await mongodb.close() },
            UntilShutdown { try await publisher.run() },
        ] + fed.flatMap(\.parts),
        http: http.makeApplication(router: http.makeRouter()))
}
