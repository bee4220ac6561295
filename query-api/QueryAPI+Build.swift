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
    let database = mongodb.database(configuration.readDatabase)
    let generations = GenerationFollower(
        MongoGenerationRegistry(client: mongodb, database: configuration.readDatabase), readModel: Users.name,
        logger: telemetry.logger(for: "generations"))
    let finds = GroupedFinds()
    let model: @Sendable (Generation) -> MongoReadModel<UserDocument> = { generation in
        MongoReadModel(
            collection: database.collection(generation.name(of: Users.name)), lookups: [UserDocument.byEmail],
            finds: finds)
    }
    let users = ServingReadModel(generations, model: model)
    let changes = ServingChanges(generations, model: model)
    let told = AMQPNoticeFeed(
        configuration: configuration.amqp, readModels: [Users.name], logger: telemetry.logger(for: "amqp"))
    let notices = ServingNotices(generations) { told.notices(of: Users.name, $0) }
    let cache = buildCache(configuration, of: users, notices: notices, telemetry: telemetry)
    let feed = buildFeed(configuration, of: changes, telemetry: telemetry)
    let events = MongoEventStore(
        client: mongodb, database: configuration.writeDatabase, logger: telemetry.logger(for: "events"))
    let health = Health([ReadinessCheck("mongodb") { await mongodb.readiness() }])
    let application = buildApplication(
        configuration, users: cache, lists: users, changes: feed, events: events, health: health, telemetry: telemetry)
    return RunnableService(
        name: QueryAPI.name, health: health, logger: telemetry.logger(for: QueryAPI.name),
        parts: [AtShutdown { await mongodb.close() }, generations, UntilShutdown { await told.run() }, cache, feed],
        http: application)
}

/// What single users are answered from: a near cache over a read model, and what its writers tell.
func buildCache<Model: ReadModelQueries<UserDocument>>(
    _ configuration: QueryAPIConfiguration, of model: Model, notices: some ReadModelNotices, telemetry: Telemetry
) -> NearCache<Model, PreparedUser> {
    NearCache(
        Users.name, of: model, notices: notices, content: PreparedUser.content,
        capacityBytes: configuration.cacheBytes, logger: telemetry.logger(for: "near-cache"))
}

/// The feed of changes that clients subscribe to.
func buildFeed(
    _ configuration: QueryAPIConfiguration, of changes: some ReadModelChanges<UserDocument>, telemetry: Telemetry
) -> UserFeed {
    UserFeed(
        Users.name, changes: changes, capacityBytes: configuration.changesBytes,
        logger: telemetry.logger(for: "changes")
    ) { change, position in
        let event = ServerSentEvent(change, at: position)
        return (event, event.sizeBytes)
    }
}

/// The HTTP side alone, over any read model and event store.
///
/// - Parameter admission: decides which requests are let in; `nil` lets all in.
func buildApplication<Model: ReadModelQueries<UserDocument>>(
    _ configuration: QueryAPIConfiguration, users: NearCache<Model, PreparedUser>,
    lists: any ReadModelListing<UserDocument>, changes: UserFeed, events: any EventQueries, health: Health,
    telemetry: Telemetry, admission: Admission? = nil
) -> HTTPApplication {
    let http = HTTPService(
        name: QueryAPI.name, configuration: configuration.http, health: health, metrics: telemetry.metrics,
        logger: telemetry.logger(for: "http"), admission: admission)
    let controller = UsersController(users: users, lists: lists, feed: changes, past: UserHistory(events: events))
    return http.makeApplication(router: buildRouter(http, users: controller), hot: controller.hotRoute)
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
