// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import CQRSTesting
import Essentials
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Users

@testable import QueryAPI

/// The query API over a read model of the test's own.
enum CachedQueryAPI {
    typealias Cache<Model: ReadModelQueries<UserDocument>> = NearCache<Model, UserAnswer>

    static let createdAt = Timestamp(millisecondsSinceEpoch: 1_772_366_400_123)

    /// A new user, or one at a later version.
    static func makeUser(
        _ email: String?, name: String = "Ada", version: Int64 = 1, after user: UserDocument? = nil
    ) -> ReadModelChange<UserDocument> {
        let id = user.flatMap { UUIDv7($0.id) } ?? UUIDv7(at: createdAt)
        return ReadModelChange(
            stream: Users.stream(of: id), baseVersion: user?.version ?? 0,
            document: UserDocument(
                id: id.description, version: user.map { $0.version + 1 } ?? version, createdAt: createdAt,
                updatedAt: createdAt, name: email == nil ? nil : name, email: email))
    }

    /// Runs a body against the routes.
    ///
    /// - Parameters:
    ///   - isFollowing: whether the near cache follows the changes; then the body begins once it does.
    ///   - events: who holds which address.
    static func run<Model: ReadModelQueries<UserDocument>>(
        _ users: Model, changes: some ReadModelChanges<UserDocument> & ReadModelNotices, isFollowing: Bool = true,
        events: any EventQueries = InMemoryEventStore(), over test: TestingSetup = .router,
        _ body: @escaping @Sendable (any TestClientProtocol, Cache<Model>) async throws -> Void
    ) async throws {
        let reader = try ServiceSettings.read(environment: ["MONGODB_URI": "mongodb://127.0.0.1:1"])
        let configuration = try QueryAPIConfiguration(reader: reader)
        let telemetry = Telemetry(metrics: PrometheusMetrics())
        let cache = makeCache(
            UserProjection.self, configuration, of: users, notices: changes, UserAnswer.content, telemetry)
        let application = buildApplication(
            configuration,
            [
                UsersController(
                    users: cache, lists: InMemoryReadModel<UserDocument>(),
                    feed: makeFeed(UserProjection.self, configuration, of: changes, telemetry, UserAnswer.item),
                    events: events)
            ],
            health: Health([]), telemetry: telemetry)
        try await withThrowingTaskGroup(of: Void.self) { group in
            if isFollowing {
                group.addTask { try await cache.run() }
                try await eventually("following") { cache.isFollowing }
            }
            try await application.test(test) { try await body($0, cache) }
            group.cancelAll()
        }
    }
}
