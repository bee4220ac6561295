// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import CQRSTesting
import Essentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing
import Users

@testable import QueryAPI

/// A registration is in the event store before the read model has it.
@Suite("GET /users/{email} of somebody whom the read model does not have", .timeLimit(.minutes(1)))
struct NobodyTests {
    private struct Away: CategorizedError {
        var category: FailureCategory { .unavailable }
    }

    /// An event store that cannot be asked.
    private struct AwayEvents: EventQueries {
        func read(_ stream: StreamID, after version: Int64, limit: Int) async throws -> [RecordedEvent] { throw Away() }
        func holder(of claim: Claim) async throws -> RecordedEvent? { throw Away() }
        func hasGivenUp(_ claim: Claim, since holder: RecordedEvent) async throws -> Bool { throw Away() }
    }

    private let users = InMemoryReadModel<UserDocument>()
    private let events = InMemoryEventStore()

    private func get(
        _ client: any TestClientProtocol, _ uri: String, prefer: String? = nil
    ) async throws -> TestResponse {
        try await client.execute(
            uri: "/users/\(uri)", method: .get, headers: prefer.map { [.prefer: $0] } ?? [:]
        ) { $0 }
    }

    private func register(_ change: ReadModelChange<UserDocument>) async throws {
        let id = try #require(UUIDv7(change.document.id))
        let email = try #require(change.document.email)
        await events.append([.created(UserCreated(id: id, name: "Ada", email: email))], of: id)
    }

    @Test("waits for who holds the address, ahead of the router and behind it", arguments: [nil, "wait=30"])
    func waits(prefer: String?) async throws {
        let change = CachedQueryAPI.makeUser("ada@b.org")
        try await register(change)
        try await CachedQueryAPI.run(users, changes: users, events: events, over: .live) { client, cache in
            async let waited = get(client, "ada@b.org", prefer: prefer)
            try await eventually("waiting") { cache.waiting == 1 }
            _ = await users.write([change])
            let answer = try await waited
            #expect(answer.status == .ok)
            #expect(answer.headers[.preferenceApplied] == prefer)
            #expect(String(buffer: answer.body).contains(change.document.id))
        }
    }

    @Test("answers 503 not-yet-visible, never 404, when the read model does not show them in time")
    func notYetVisible() async throws {
        try await register(CachedQueryAPI.makeUser("ada@b.org"))
        try await CachedQueryAPI.run(users, changes: users, events: events) { client, _ in
            let answer = try await get(client, "ada@b.org", prefer: "wait=0")
            #expect(answer.status == .serviceUnavailable)
            #expect(answer.headers[.retryAfter] == "1")
            #expect(answer.headers[.preferenceApplied] == "wait=0")
            #expect(String(buffer: answer.body).contains("/problems/not-yet-visible"))
        }
    }

    @Test("answers 404 at once when nobody holds the address, or its holder has given it up")
    func nobody() async throws {
        let user = CachedQueryAPI.makeUser("ada@b.org")
        let moved = CachedQueryAPI.makeUser("new@b.org", after: user.document)
        let id = try #require(UUIDv7(user.document.id))
        // The claim is not released yet.
        await events.append(
            [
                .created(UserCreated(id: id, name: "Ada", email: "ada@b.org")),
                .updated(UserUpdated(id: id, name: "Ada", email: "new@b.org")),
            ], of: id, releasing: false)
        for change in [user, moved] { _ = await users.write([change]) }
        try await CachedQueryAPI.run(users, changes: users, events: events) { client, cache in
            for email in ["ada@b.org", "nobody@b.org"] {
                let answer = try await get(client, email, prefer: "wait=30")
                #expect(answer.status == .notFound)
                #expect(answer.headers[.cacheStatus] == nil)
                #expect(String(buffer: answer.body).contains("/problems/user-not-found"))
            }
            #expect(try await get(client, "new@b.org").status == .ok)
            #expect(cache.waiting == 0)
        }
    }

    @Test("waits for who took the address over from somebody who has given it up")
    func handedOver() async throws {
        let former = CachedQueryAPI.makeUser("ada@b.org")
        let gone = CachedQueryAPI.makeUser(nil, after: former.document)
        for change in [former, gone] { _ = await users.write([change]) }
        let successor = CachedQueryAPI.makeUser("ada@b.org")
        try await register(successor)
        try await CachedQueryAPI.run(users, changes: users, events: events) { client, cache in
            async let waited = get(client, "ada@b.org", prefer: "wait=30")
            try await eventually("waiting") { cache.waiting == 1 }
            _ = await users.write([successor])
            #expect(String(buffer: try await waited.body).contains(successor.document.id))
        }
    }

    @Test("answers 404 as the read model says, marked, while the event store cannot be asked")
    func unconfirmed() async throws {
        try await CachedQueryAPI.run(users, changes: users, events: AwayEvents()) { client, _ in
            let answer = try await get(client, "ada@b.org")
            #expect(answer.status == .notFound)
            #expect(answer.headers[.cacheStatus] == "query-api; fwd=miss; detail=unconfirmed")
        }
    }
}
