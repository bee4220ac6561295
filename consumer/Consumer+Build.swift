// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import CQRSMongoDB
import Logging
import MongoDB
import OTLPTracing
import OperatorKit
import ServiceKit
import ServiceLifecycle

/// Puts the consumer together: RabbitMQ → projection → read model, once for each generation of a read model that is fed, with
/// the event store for what does not arrive.
func buildService(_ configuration: ConsumerConfiguration, telemetry: Telemetry) throws -> RunnableService {
    let tracing = configuration.system.tracing.map { OTLPTracing($0, logger: telemetry.logger(for: "tracing")) }
    // Stops last: the last spans are those of the other parts' ends.
    let export: [any Service] = tracing.map { [$0.export] } ?? []
    let mongodb = try MongoClient(configuration: configuration.system.mongodb, logger: telemetry.logger(for: "mongodb"))
    let publisher = AMQPPublisher(
        configuration: configuration.system.amqp, topology: NoticeTopology.topology,
        logger: telemetry.logger(for: "amqp"))
    let generations = GenerationWatch(
        configuration.system.generations(in: mongodb), interval: .seconds(1),
        logger: telemetry.logger(for: "generations"))
    func project<P: Projection>(_ projection: P.Type) -> (part: any Service, check: ReadinessCheck) {
        let projectors = ReadModelProjectors(
            P.self, configuration, generations: generations, mongodb: mongodb, publisher: publisher,
            telemetry: telemetry, tracer: tracing?.tracer)
        return (projectors.supervisor, ReadinessCheck("rabbitmq \(P.name)") { projectors.readiness })
    }
    let projected = Consumer.readModels.map { project($0) }

    let health = Health(
        projected.map(\.check) + [
            ReadinessCheck("rabbitmq notices, retries and dead letters") { publisher.status.readiness },
            ReadinessCheck("mongodb") { await mongodb.readiness() },
        ])
    let http = HTTPService(
        name: Consumer.name, configuration: configuration.http, health: health, metrics: telemetry.metrics,
        logger: telemetry.logger(for: "http"), tracer: tracing?.tracer)
    return RunnableService(
        name: Consumer.name, health: health, logger: telemetry.logger(for: Consumer.name),
        // Each part outlives those after it: what is in hand can still be written, put aside and acknowledged.
        parts: export + [
            AtShutdown { await mongodb.close() },
            UntilShutdown { try await publisher.run() },
            generations,
        ] + projected.map(\.part),
        http: http.makeApplication(router: http.makeRouter()))
}
