// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSMongoDB
import Hummingbird
import Logging
import MongoDB
import ServiceKit
import Users

/// Puts the query API together: HTTP → near cache → read model.
func buildService(_ configuration: QueryAPIConfiguration, telemetry: Telemetry) throws -> RunnableService {
    let mongodb = try MongoClient(configuration: configuration.mongodb, logger: telemetry.logger(for: "mongodb"))
    let collection = mongodb.database(configuration.readDatabase).collection(Users.name)
    let model = MongoReadModel<UserDocument>(collection: collection, lookups: [UserDocument.byEmail])
    let users = buildCache(configuration, of: model, changes: model, telemetry: telemetry)
    let health = Health([ReadinessCheck("mongodb") { await mongodb.readiness() }])
    let application = buildApplication(configuration, users: users, health: health, telemetry: telemetry)
    return RunnableService(
        name: QueryAPI.name, health: health, logger: telemetry.logger(for: QueryAPI.name),
        parts: [AtShutdown { await mongodb.close() }, users], http: application)
}

/// What users are answered from: a near cache over a read model and its changes.
func buildCache<Model: ReadModel<UserDocument>>(
    _ configuration: QueryAPIConfiguration, of model: Model, changes: some ReadModelChanges<UserDocument>,
    telemetry: Telemetry
) -> NearCache<Model, PreparedUser> {
    NearCache(
        Users.name, of: model, changes: changes, content: PreparedUser.content,
        capacityBytes: configuration.cacheBytes, logger: telemetry.logger(for: "near-cache"))
}

/// The HTTP side alone, over any read model.
func buildApplication<Model: ReadModel<UserDocument>>(
    _ configuration: QueryAPIConfiguration, users: NearCache<Model, PreparedUser>, health: Health,
    telemetry: Telemetry
) -> Application<RouterResponder<ServiceRequestContext>> {
    let http = HTTPService(
        configuration: configuration.http, health: health, metrics: telemetry.metrics,
        logger: telemetry.logger(for: "http"))
    let router = http.makeRouter()
    router.addRoutes(UsersController(users: users).routes)
    return http.makeApplication(router: router)
}
