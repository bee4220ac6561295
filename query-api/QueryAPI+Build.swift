// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSAMQP
import CQRSMongoDB
import GraphQLHTTP
import Hummingbird
import Logging
import MongoDB
import OTLPTracing
import OperatorConsole
import ServiceKit
import ServiceLifecycle
import Tracing

/// Puts the query API together: HTTP → near cache → the read model's serving generation, and the event store for the past.
/// RabbitMQ tells the cache what has changed; while it does not, the read model answers.
func buildService(_ configuration: QueryAPIConfiguration, telemetry: Telemetry) throws -> RunnableService {
    let tracing = configuration.tracing.map { OTLPTracing($0, logger: telemetry.logger(for: "tracing")) }
    // Stops last: the last spans are those of the other parts' ends.
    let export: [any Service] = tracing.map { [$0.export] } ?? []
    let mongodb = try MongoClient(configuration: configuration.mongodb, logger: telemetry.logger(for: "mongodb"))
    let told = AMQPNoticeFeed(configuration: configuration.amqp, logger: telemetry.logger(for: "amqp"))
    let generations = GenerationWatch(
        MongoGenerationRegistry(client: mongodb, database: configuration.readDatabase),
        logger: telemetry.logger(for: "generations"))
    let serving = ReadModelServing(
        configuration: configuration, mongodb: mongodb,
        events: MongoEventStore(
            client: mongodb, database: configuration.writeDatabase, logger: telemetry.logger(for: "events")),
        told: told, telemetry: telemetry, generations: generations)
    let contexts = serveContexts(serving)
    let console = try configuration.console.map { settings in
        try OperatorConsole(
            serving.readModels.all, settings, readDatabase: configuration.readDatabase,
            writeDatabase: configuration.writeDatabase, telemetry: telemetry)
    }
    let health = Health([ReadinessCheck("mongodb") { await mongodb.readiness() }])
    return RunnableService(
        name: QueryAPI.name, health: health, logger: telemetry.logger(for: QueryAPI.name),
        parts: export + [AtShutdown { await mongodb.close() }, generations, UntilShutdown { await told.run() }]
            + contexts.flatMap(\.parts) + [console].compactMap { $0 },
        http: buildApplication(
            configuration, try controllers(of: contexts) + [console].compactMap { $0 }, health: health,
            telemetry: telemetry, tracer: tracing?.tracer))
}

/// What the contexts answer, by REST and by GraphQL.
///
/// - Throws: what `GraphQL/schema.graphql` has and no context resolves.
func controllers(of contexts: [ServedContext]) throws -> [any HTTPController] {
    contexts.compactMap(\.controller) + [try GraphQLController(contexts.compactMap(\.graph))]
}

/// The HTTP side alone, over any read models and event store.
///
/// - Parameters:
///   - admission: decides which requests are let in; `nil` lets all in.
///   - tracer: traces requests; `nil` traces nothing.
func buildApplication(
    _ configuration: QueryAPIConfiguration, _ controllers: [any HTTPController], health: Health,
    telemetry: Telemetry, admission: Admission? = nil, tracer: (any Tracer)? = nil
) -> HTTPApplication {
    let http = HTTPService(
        name: QueryAPI.name, configuration: configuration.http, health: health, metrics: telemetry.metrics,
        logger: telemetry.logger(for: "http"), admission: admission,
        rateLimit: configuration.rateLimit, crossOrigin: configuration.crossOrigin, tracer: tracer)
    return http.makeApplication(
        router: buildRouter(http, controllers), hot: controllers.flatMap(\.hotRoutes))
}

/// All routes; `OpenAPI/openapi.json` describes them.
func buildRouter(_ http: HTTPService, _ controllers: [any HTTPController]) -> Router<ServiceRequestContext> {
    let router = http.makeRouter()
    for controller in controllers { router.addRoutes(controller.routes) }
    router.addRoutes(OpenAPIController(document: .queryAPI).routes)
    return router
}

extension OpenAPIDocument {
    /// What the query API says of itself.
    static let queryAPI = OpenAPIDocument(
        PackageResources.openapi_json, [PackageResources.graphql_json] + contextDocuments)
}
