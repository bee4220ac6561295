// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import CQRSMongoDB
import Hummingbird
import Logging
import MongoDB
import OTLPTracing
import ServiceKit
import ServiceLifecycle
import Tracing

/// Puts the command API together: HTTP → command handler → outbox (the event store) → relay → RabbitMQ.
func buildService(_ configuration: CommandAPIConfiguration, telemetry: Telemetry) throws -> RunnableService {
    let tracing = configuration.tracing.map { OTLPTracing($0, logger: telemetry.logger(for: "tracing")) }
    // Stops last: the last spans are those of the other parts' ends.
    let export: [any Service] = tracing.map { [$0.export] } ?? []
    let mongodb = try MongoClient(configuration: configuration.mongodb, logger: telemetry.logger(for: "mongodb"))
    let store = MongoEventStore(
        client: mongodb, database: configuration.writeDatabase, logger: telemetry.logger(for: "events"),
        tracer: tracing?.tracer)
    let outbox = Outbox(store: store, settings: configuration.relay, onStep: configuration.onStep)
    let publisher = AMQPPublisher(configuration: configuration.amqp, logger: telemetry.logger(for: "amqp"))
    let relay = Relay(
        store: store, outbox: outbox,
        publisher: AMQPEventPublisher(publisher: publisher, application: CommandAPI.name, tracer: tracing?.tracer),
        settings: configuration.relay, logger: telemetry.logger(for: "relay"))

    let health = Health([
        ReadinessCheck("mongodb") { await mongodb.readiness() },
        ReadinessCheck("outbox") { outbox.readiness },
        // Events wait in the event store while the broker is away; commands need not.
        ReadinessCheck("rabbitmq", .informational) { publisher.status.readiness },
        ReadinessCheck("relay", .informational) { outbox.publishing },
    ])
    let application = buildApplication(
        configuration, store: store, snapshots: store, outbox: outbox, health: health, telemetry: telemetry,
        tracer: tracing?.tracer)
    return RunnableService(
        name: CommandAPI.name, health: health, logger: telemetry.logger(for: CommandAPI.name),
        // Each part outlives those after it: what HTTP has accepted is still appended, what is appended still published.
        parts: export + [
            AtShutdown { await mongodb.close() },
            UntilShutdown { try await publisher.run() },
            store,
            UntilShutdown { [logger = telemetry.logger(for: "idempotency")] in
                await IdempotencyExpiry(
                    store: store, lifetime: configuration.idempotencyKeyLifetime, logger: logger
                ).run()
            },
            relay,
        ],
        http: application)
}

/// The HTTP side alone, over any event store.
///
/// - Parameters:
///   - snapshots: where states of long streams are put away; `nil` for nowhere.
///   - outbox: the store's; a relay must run for it.
///   - admission: decides which requests are let in; `nil` lets all in.
///   - tracer: traces requests; `nil` traces nothing.
///   - onListening: called with the port once connections are accepted.
func buildApplication(
    _ configuration: CommandAPIConfiguration, store: any EventStore, snapshots: (any SnapshotStore)? = nil,
    outbox: Outbox, health: Health, telemetry: Telemetry, admission: Admission? = nil,
    tracer: (any Tracer)? = nil,
    onListening: @escaping @Sendable (Int) async -> Void = { _ in }
) -> HTTPApplication {
    let http = HTTPService(
        name: CommandAPI.name, configuration: configuration.http, health: health, metrics: telemetry.metrics,
        logger: telemetry.logger(for: "http"), admission: admission,
        rateLimit: configuration.rateLimit, crossOrigin: configuration.crossOrigin, tracer: tracer,
        describe: { ($0 as? any DescribedRefusal)?.problem })
    let controllers = makeControllers(
        CommandParts(
            configuration: configuration, store: store, snapshots: snapshots, outbox: outbox, problems: http.problems))
    return http.makeApplication(
        router: buildRouter(http, controllers), hot: controllers.flatMap(\.hotRoutes), onListening: onListening)
}

/// All routes; `OpenAPI/openapi.json` describes them.
func buildRouter(_ http: HTTPService, _ controllers: [any HTTPController]) -> Router<ServiceRequestContext> {
    let router = http.makeRouter()
    for controller in controllers { router.addRoutes(controller.routes) }
    router.addRoutes(OpenAPIController(document: .commandAPI).routes)
    return router
}

extension OpenAPIDocument {
    /// What the command API says of itself.
    static let commandAPI = OpenAPIDocument(PackageResources.openapi_json, contextDocuments)
}
