// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSAMQP
import CQRSMongoDB
import Hummingbird
import Logging
import MongoDB
import ServiceKit
import Users

/// Puts the query API together: HTTP → near cache → the read model's serving generation, and the event store for the past.
/// RabbitMQ tells the cache what has changed; while it does not, the read model answers.
func buildService(_ configuration: QueryAPIConfiguration, telemetry: Telemetry) throws -> RunnableService {
    let mongodb = try MongoClient(configuration: configuration.mongodb, logger: telemetry.logger(for: "mongodb"))
    let told = AMQPNoticeFeed(
        configuration: configuration.amqp, readModels: [UserProjection.name], logger: telemetry.logger(for: "amqp"))
    let serving = ReadModelServing(configuration: configuration, mongodb: mongodb, told: told, telemetry: telemetry)
    let users = serving.serve(UserProjection.self, UserAnswer.content, UserAnswer.item)
    let events = MongoEventStore(
        client: mongodb, database: configuration.writeDatabase, logger: telemetry.logger(for: "events"))
    let health = Health([ReadinessCheck("mongodb") { await mongodb.readiness() }])
    let application = buildApplication(
        configuration, users: users.cache, lists: users.model, changes: users.feed, events: events, health: health,
        telemetry: telemetry)
    return RunnableService(
        name: QueryAPI.name, health: health, logger: telemetry.logger(for: QueryAPI.name),
        parts: [AtShutdown { await mongodb.close() }, UntilShutdown { await told.run() }] + users.parts,
        http: application)
}

/// The HTTP side alone, over any read model and event store.
///
/// - Parameter admission: decides which requests are let in; `nil` lets all in.
func buildApplication<Model: ReadModelQueries<UserDocument>>(
    _ configuration: QueryAPIConfiguration, users: NearCache<Model, PreparedAnswer>,
    lists: any ReadModelListing<UserDocument>, changes: EntityFeed<UserDocument>, events: any EventQueries,
    health: Health,
    telemetry: Telemetry, admission: Admission? = nil
) -> HTTPApplication {
    let http = HTTPService(
        name: QueryAPI.name, configuration: configuration.http, health: health, metrics: telemetry.metrics,
        logger: telemetry.logger(for: "http"), admission: admission)
    let controller = UsersController(users: users, lists: lists, feed: changes, events: events)
    return http.makeApplication(router: buildRouter(http, users: controller), hot: controller.hotRoutes)
}

/// All routes; `OpenAPI/openapi.json` describes them.
func buildRouter(
    _ http: HTTPService, users: UsersController<some ReadModelQueries<UserDocument>>
) -> Router<ServiceRequestContext> {
    let router = http.makeRouter()
    router.addRoutes(users.routes)
    router.addRoutes(OpenAPIController(document: .queryAPI).routes)
    return router
}

extension OpenAPIDocument {
    /// What the query API says of itself.
    static let queryAPI = OpenAPIDocument(PackageResources.openapi_json)
}
