// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSAMQP
import CQRSServing
import CQRSTesting
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import MongoDB
import ServiceKit
import Testing
import Users

@testable import QueryAPI

/// Runs a body with a client of the query API's router over these stores.
func withQueryAPI(
    _ users: some ReadModelListing<UserDocument>, events: any EventQueries = InMemoryEventStore(),
    _ body: @Sendable (any TestClientProtocol) async throws -> Void
) async throws {
    let reader = try ServiceSettings.read(environment: ["MONGODB_URI": "mongodb://127.0.0.1:1"])
    let configuration = try QueryAPIConfiguration(reader: reader)
    let telemetry = Telemetry(metrics: PrometheusMetrics())
    // A cache that follows nothing asks the read model each time.
    let nobody = InMemoryReadModel<UserDocument>()
    let cache = makeCache(UserProjection.self, configuration, of: users, notices: nobody, UserAnswer.content, telemetry)
    let feed = makeFeed(UserProjection.self, configuration, of: nobody, telemetry, UserAnswer.item)
    let application = buildApplication(
        configuration, [UsersController(users: cache, lists: users, feed: feed, events: events)], health: Health([]),
        telemetry: telemetry)
    try await application.test(.router) { try await body($0) }
}

/// Runs a body with the controllers of all contexts, over a database that nobody asks.
func withAllControllers(
    _ configuration: QueryAPIConfiguration, _ telemetry: Telemetry, _ body: ([any HTTPController]) async throws -> Void
) async throws {
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    let mongodb = try MongoClient(configuration: configuration.mongodb, logger: logger)
    let contexts = serveContexts(
        ReadModelServing(
            configuration: configuration, mongodb: mongodb, events: InMemoryEventStore(),
            told: AMQPNoticeFeed(configuration: configuration.amqp, logger: logger), telemetry: telemetry,
            generations: GenerationWatch(InMemoryGenerationRegistry(), logger: logger)))
    do {
        try await body(try controllers(of: contexts))
    } catch {
        await mongodb.close(within: .zero)
        throw error
    }
    await mongodb.close(within: .zero)
}

/// A page as clients see it.
struct Page<Item: Decodable>: Decodable {
    let items: [Item]
    let next: String?
}

/// A user as clients see one.
struct User: Decodable, Equatable {
    let id: String
    let name: String
    let email: String
    let version: Int64
    let createdAt: String
    let updatedAt: String
}

/// An error as clients see it.
struct Problem: Decodable {
    struct Flaw: Decodable {
        let parameter: String
        let detail: String
    }
    let type: String
    let errors: [Flaw]?
    /// The user's present version.
    let version: Int64?
}

extension TestClientProtocol {
    /// The body of an answer that has this status.
    func get<Body: Decodable>(_ uri: String, _ status: HTTPResponse.Status = .ok) async throws -> Body {
        try await execute(uri: uri, method: .get) { response in
            #expect(response.status == status, "\(uri)")
            let type = status == .ok ? "application/json" : "application/problem+json"
            #expect(response.headers[.contentType] == type, "\(uri)")
            return try JSONDecoder().decode(Body.self, from: Data(response.body.readableBytesView))
        }
    }
}
