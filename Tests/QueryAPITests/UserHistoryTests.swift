// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Foundation
import Hummingbird
import HummingbirdTesting
import TestSupport
import Testing
import Users

@testable import QueryAPI

/// An event as clients see it.
private struct Event: Decodable, Equatable {
    struct Data: Decodable, Equatable {
        let id: String
        let name: String?
        let email: String?
    }
    let version: Int64
    let type: String
    let eventId: String
    let recordedAt: String
    let data: Data
}

@Suite("GET /users/{email}/history", .timeLimit(.minutes(1)))
struct UserHistoryTests {
    private let users = InMemoryReadModel<UserDocument>()
    private let store = InMemoryEventStore()
    private let id = UUIDv7(at: time(of: 0))

    private func updated(_ name: String, _ email: String = "ada@b.org") -> UserEvent {
        .updated(UserUpdated(id: id, name: name, email: email))
    }

    private var created: UserEvent { .created(UserCreated(id: id, name: "Ada", email: "Ada@b.org")) }

    @Test("tells everything that happened, in order, found by the address of today in any case")
    func everything() async throws {
        await store.append([created, updated("Ada L"), updated("Ada L", "new@b.org")], of: id)
        let recorded = await store.read(Users.stream(of: id), after: 0, limit: 10)
        try await withQueryAPI(users, events: store) { client in
            let page: Page<Event> = try await client.get("/users/NEW%40b.org/history")
            #expect(page.next == nil)
            let id = id.description
            #expect(
                page.items.map(\.data) == [
                    Event.Data(id: id, name: "Ada", email: "Ada@b.org"),
                    Event.Data(id: id, name: "Ada L", email: "ada@b.org"),
                    Event.Data(id: id, name: "Ada L", email: "new@b.org"),
                ])
            #expect(page.items.map(\.version) == [1, 2, 3])
            #expect(page.items.map(\.type) == ["user.created", "user.updated", "user.updated"])
            #expect(page.items.map(\.eventId) == recorded.map(\.id.description))
            #expect(page.items.map(\.recordedAt) == recorded.map(\.recordedAt.description))
            // The address of before is nobody's now.
            let problem: Problem = try await client.get("/users/ada@b.org/history", .notFound)
            #expect(problem.type == "/problems/user-not-found")
        }
    }

    @Test("has the shape that is promised")
    func shape() async throws {
        await store.append([created], of: id)
        let event = try #require(await store.read(Users.stream(of: id), after: 0, limit: 1).first)
        try await withQueryAPI(users, events: store) { client in
            try await client.execute(uri: "/users/ada@b.org/history", method: .get) { response in
                #expect(
                    String(buffer: response.body)
                        == #"{"items":[{"version":1,"type":"user.created","eventId":"\#(event.id)","recordedAt":"2026-03-01T13:00:00.000Z","data":{"id":"\#(id)","name":"Ada","email":"Ada@b.org"}}],"next":null}"#
                )
            }
        }
    }

    @Test("comes in pages that go on where the last one ended, however it grows", arguments: [1, 2, 3, 500])
    func pages(limit: Int) async throws {
        await store.append([created] + (2...7).map { updated("Ada \($0)") }, of: id)
        try await withQueryAPI(users, events: store) { client in
            var versions: [Int64] = []
            var next: String?
            repeat {
                let uri = "/users/ada@b.org/history?limit=\(limit)\(next.map { "&after=\($0)" } ?? "")"
                let page: Page<Event> = try await client.get(uri)
                #expect(page.items.count == limit || page.next == nil)
                versions += page.items.map(\.version)
                next = page.next
            } while next != nil && versions.count < 100
            #expect(versions == Array(1...7))
        }
    }

    @Test("costs what a page holds and one event more, however long it is")
    func cost() async throws {
        await store.append([created] + (2...700).map { updated("Ada \($0)") }, of: id)
        let counted = CountedEvents(store: store)
        try await withQueryAPI(users, events: counted) { client in
            let page: Page<Event> = try await client.get("/users/ada@b.org/history?limit=10")
            #expect(page.items.map(\.version) == Array(1...10))
            #expect(counted.read.value == 11)
            let next = try #require(page.next)
            let _: Page<Event> = try await client.get("/users/ada@b.org/history?limit=10&after=\(next)")
            #expect(counted.read.value == 22)
        }
    }

    @Test("of a deleted user is found by nobody, released address or not", arguments: [true, false])
    func deleted(isReleased: Bool) async throws {
        await store.append([created, .deleted(UserDeleted(id: id))], of: id, releasing: isReleased)
        try await withQueryAPI(users, events: store) { client in
            for path in ["history", "history?limit=1"] {
                let problem: Problem = try await client.get("/users/ada@b.org/\(path)", .notFound)
                #expect(problem.type == "/problems/user-not-found")
            }
        }
    }

    @Test("of an address given up and not yet released is not that of who gave it up")
    func givenUp() async throws {
        await store.append([created, updated("Ada", "new@b.org")], of: id, releasing: false)
        try await withQueryAPI(users, events: store) { client in
            let _: Problem = try await client.get("/users/ada@b.org/history", .notFound)
            let page: Page<Event> = try await client.get("/users/new@b.org/history")
            #expect(page.items.count == 2)
        }
    }

    @Test("does not go on with another's when the address has passed to somebody else")
    func passedOn() async throws {
        await store.append([created, updated("Ada 2")], of: id)
        let other = UUIDv7(at: time(of: 1))
        try await withQueryAPI(users, events: store) { client in
            let page: Page<Event> = try await client.get("/users/ada@b.org/history?limit=1")
            let next = try #require(page.next)
            await store.release([Users.emailClaim("ada@b.org")], of: Users.stream(of: id), through: 9)
            await store.append([.created(UserCreated(id: other, name: "Eve", email: "ada@b.org"))], of: other)
            let problem: Problem = try await client.get("/users/ada@b.org/history?limit=1&after=\(next)", .badRequest)
            #expect(problem.type == "/problems/invalid-parameters")
            #expect(problem.errors?.map(\.parameter) == ["after"])
        }
    }

    @Test("is there before the read model knows the user, and for nobody that nobody has registered")
    func truth() async throws {
        try await withQueryAPI(users, events: store) { client in
            let _: Problem = try await client.get("/users/ada@b.org/history", .notFound)
            await store.append([created], of: id)
            let page: Page<Event> = try await client.get("/users/ada@b.org/history")
            #expect(page.items.count == 1)
        }
    }

    @Test("is 503 with Retry-After while the event store is away, never a wrong 404")
    func unavailable() async throws {
        try await withQueryAPI(users, events: AwayEvents()) { client in
            for uri in ["/users/ada@b.org/history", "/users/ada@b.org?version=1"] {
                try await client.execute(uri: uri, method: .get) { response in
                    #expect(response.status == .serviceUnavailable)
                    #expect(response.headers[.retryAfter] != nil)
                    #expect(!String(buffer: response.body).contains("secret"))
                }
            }
        }
    }
}

/// An event store that counts the events that are read.
private struct CountedEvents: EventQueries {
    let store: InMemoryEventStore
    let read = Counter()

    func read(_ stream: StreamID, after version: Int64, limit: Int) async -> [RecordedEvent] {
        let page = await store.read(stream, after: version, limit: limit)
        read.add(page.count)
        return page
    }
    func holder(of claim: Claim) async -> RecordedEvent? { await store.holder(of: claim) }
    func hasGivenUp(_ claim: Claim, since holder: RecordedEvent) async -> Bool {
        await store.hasGivenUp(claim, since: holder)
    }
}

/// An event store whose database is away.
private struct AwayEvents: EventQueries {
    func read(_ stream: StreamID, after version: Int64, limit: Int) async throws -> [RecordedEvent] {
        throw AwayReadModel.Away()
    }
    func holder(of claim: Claim) async throws -> RecordedEvent? { throw AwayReadModel.Away() }
    func hasGivenUp(_ claim: Claim, since holder: RecordedEvent) async throws -> Bool { throw AwayReadModel.Away() }
}
