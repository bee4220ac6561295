// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSAMQP
import CQRSMongoDB
import Hummingbird
import Inventory
import Logging
import MongoDB
import ServiceKit
import Users

/// Puts the query API together: HTTP → near cache → the read model's serving generation, and the event store for the past.
/// RabbitMQ tells the cache what has changed; while it does not, the read model answers.
func buildService(_ configuration: QueryAPIConfiguration, telemetry: Telemetry) throws -> RunnableService {
    let mongodb = try MongoClient(configuration: configuration.mongodb, logger: telemetry.logger(for: "mongodb"))
    let told = AMQPNoticeFeed(
        configuration: configuration.amqp,
        readModels: [UserProjection.name, ItemProjection.name, ReservationsProjection.name, ListLinesProjection.name],
        logger: telemetry.logger(for: "amqp"))
    let serving = ReadModelServing(configuration: configuration, mongodb: mongodb, told: told, telemetry: telemetry)
    let users = serving.serve(UserProjection.self, UserAnswer.content, UserAnswer.item)
    let items = serving.serve(ItemProjection.self, ItemAnswer.content, ItemAnswer.item)
    let reservations = serving.serve(
        ReservationsProjection.self, ReservationsAnswer.content, ReservationsAnswer.item)
    let lists = serving.list(ListProjection.self)
    let listLines = serving.serve(ListLinesProjection.self, ListAnswer.content) { ListAnswer.item($0.summary) }
    let events = MongoEventStore(
        client: mongodb, database: configuration.writeDatabase, logger: telemetry.logger(for: "events"))
    let health = Health([ReadinessCheck("mongodb") { await mongodb.readiness() }])
    let application = buildApplication(
        configuration,
        [
            UsersController(users: users.cache, lists: users.model, feed: users.feed, events: events),
            ItemsController(
                items: items.cache, reservations: reservations.cache, lists: items.model, feed: items.feed,
                events: events),
            ListsController(
                details: listLines.cache, lines: listLines.model, lists: lists.model, events: events),
        ],
        health: health, telemetry: telemetry)
    return RunnableService(
        name: QueryAPI.name, health: health, logger: telemetry.logger(for: QueryAPI.name),
        parts: [AtShutdown { await mongodb.close() }, UntilShutdown { await told.run() }] + users.parts + items.parts
            + reservations.parts + lists.parts + listLines.parts,
        http: application)
}

/// The HTTP side alone, over any read models and event store.
///
/// - Parameter admission: decides which requests are let in; `nil` lets all in.
func buildApplication(
    _ configuration: QueryAPIConfiguration, _ controllers: [any HTTPController], health: Health,
    telemetry: Telemetry, admission: Admission? = nil
) -> HTTPApplication {
    let http = HTTPService(
        name: QueryAPI.name, configuration: configuration.http, health: health, metrics: telemetry.metrics,
        logger: telemetry.logger(for: "http"), admission: admission)
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
    static let queryAPI = OpenAPIDocument(PackageResources.openapi_json)
}
