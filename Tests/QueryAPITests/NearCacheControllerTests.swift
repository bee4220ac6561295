// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import CQRSTesting
import Essentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import TestSupport
import Testing
import Users

@testable import QueryAPI

@Suite("GET /users/{email} from the near cache", .timeLimit(.minutes(1)))
struct NearCacheControllerTests {
    let users = InMemoryReadModel<UserDocument>()

    private func get(
        _ client: any TestClientProtocol, _ uri: String, prefer: String? = nil
    ) async throws -> TestResponse {
        try await client.execute(
            uri: "/users/\(uri)", method: .get, headers: prefer.map { [.prefer: $0] } ?? [:]
        ) { $0 }
    }

    @Test("is byte for byte what the read model gave, says where it came from, and changes with the user")
    func hit() async throws {
        let change = CachedQueryAPI.makeUser("ada@b.org")
        try await CachedQueryAPI.run(users, changes: users) { client, _ in
            _ = await users.write([change])
            let first = try await get(client, "ada@b.org")
            #expect(first.headers[.cacheStatus] == "query-api; fwd=miss")
            try await eventually("kept") {
                try await get(client, "ada@b.org").headers[.cacheStatus] == "query-api; hit"
            }
            let second = try await get(client, "ADA@b.org")
            #expect(second.headers[.cacheStatus] == "query-api; hit")
            #expect(second.body == first.body)
            #expect(second.headers[.eTag] == first.headers[.eTag])
            _ = await users.write([CachedQueryAPI.makeUser("ada@b.org", name: "Augusta", after: change.document)])
            try await eventually("changed") {
                String(buffer: try await get(client, "ada@b.org").body).contains("Augusta")
            }
            let status = try await client.execute(
                uri: "/users/ada@b.org", method: .get, headers: [.ifNoneMatch: "\"2\""]
            ) { $0.status }
            #expect(status == .notModified)
        }
    }

    @Test("is the same answer, field by field, whether the router gives it or not")
    func aheadOfTheRouter() async throws {
        let change = CachedQueryAPI.makeUser("ada@b.org")
        _ = await users.write([change])
        try await CachedQueryAPI.run(users, changes: users, over: .live) { client, _ in
            func answer(_ headers: HTTPFields) async throws -> TestResponse {
                try await client.execute(uri: "/users/Ada@b.org", method: .get, headers: headers) { $0 }
            }
            try await eventually("kept") { try await answer([:]).headers[.cacheStatus] == "query-api; hit" }
            // The router gets what asks for anything special.
            let (short, long) = (try await answer([.requestID: "a"]), try await answer([.requestID: "a", .range: "x"]))
            #expect(short.status == .ok)
            #expect(short.body == long.body)
            func fields(_ response: TestResponse) -> [String: String] {
                Dictionary(uniqueKeysWithValues: response.headers.map { ($0.name.canonicalName, $0.value) })
            }
            var (first, second) = (fields(short), fields(long))
            #expect(first.removeValue(forKey: "date") != nil)
            #expect(second.removeValue(forKey: "date") != nil)
            #expect(first == second)
        }
    }

    @Test("with minVersion waits for the user that is meant")
    func minVersion() async throws {
        try await CachedQueryAPI.run(users, changes: users) { client, cache in
            let former = CachedQueryAPI.makeUser("ada@b.org", name: "Former", version: 5)
            let successor = CachedQueryAPI.makeUser("ada@b.org", name: "Successor")
            _ = await users.write([former])
            async let waited = get(
                client, "ada@b.org?minVersion=1&id=\(successor.document.id)", prefer: "respond-async, wait=30")
            try await eventually("waiting") { cache.waiting == 1 }
            _ = await users.write([successor])
            let answer = try await waited
            #expect(answer.status == .ok)
            #expect(answer.headers[.preferenceApplied] == "wait=30")
            #expect(String(buffer: answer.body).contains("Successor"))
            // Without an identifier the one before does.
            #expect(try await get(client, "ada@b.org?minVersion=1").status == .ok)
        }
    }

    @Test("with minVersion answers 404 when the user has the version and another address, or none")
    func elsewhere() async throws {
        try await CachedQueryAPI.run(users, changes: users) { client, _ in
            let change = CachedQueryAPI.makeUser("ada@b.org")
            let moved = CachedQueryAPI.makeUser("new@b.org", after: change.document)
            let other = CachedQueryAPI.makeUser("ada@b.org")
            for write in [change, moved, other] { _ = await users.write([write]) }
            let id = change.document.id
            let answer = try await get(client, "ada@b.org?minVersion=1&id=\(id)")
            #expect(answer.status == .notFound)
            #expect(String(buffer: answer.body).contains("/problems/user-not-found"))
            #expect(try await get(client, "new@b.org?minVersion=2&id=\(id)").status == .ok)
            _ = await users.write([CachedQueryAPI.makeUser(nil, after: moved.document)])
            #expect(try await get(client, "new@b.org?minVersion=2&id=\(id)").status == .notFound)
        }
    }

    @Test("with minVersion answers 503 not-yet-visible when the version does not come in time")
    func notYetVisible() async throws {
        try await CachedQueryAPI.run(users, changes: users) { client, cache in
            let change = CachedQueryAPI.makeUser("ada@b.org")
            _ = await users.write([change])
            for query in [
                "minVersion=2", "minVersion=2&id=\(change.document.id)", "minVersion=1&id=\(UUIDv7(at: .now()))",
            ] {
                let answer = try await get(client, "ada@b.org?\(query)", prefer: "wait=0")
                #expect(answer.status == .serviceUnavailable)
                #expect(answer.headers[.retryAfter] == "1")
                #expect(answer.headers[.preferenceApplied] == "wait=0")
                #expect(String(buffer: answer.body).contains("/problems/not-yet-visible"))
            }
            #expect(cache.waiting == 0)
        }
    }

    @Test("waits two seconds if the client does not say, and no longer than 30 if it does")
    func waits() async throws {
        try await CachedQueryAPI.run(users, changes: users) { client, cache in
            let start = ContinuousClock.now
            let answer = try await get(client, "ada@b.org?minVersion=1")
            #expect(answer.status == .serviceUnavailable)
            #expect(answer.headers[.preferenceApplied] == nil)
            #expect(ContinuousClock.now - start >= .seconds(2))
            let change = CachedQueryAPI.makeUser("ada@b.org")
            async let waited = get(client, "ada@b.org?minVersion=1", prefer: "wait=86400")
            try await eventually("waiting") { cache.waiting == 1 }
            _ = await users.write([change])
            #expect(try await waited.headers[.preferenceApplied] == "wait=30")
        }
    }

    @Test(
        "answers 400 for a condition that makes no sense",
        arguments: [
            "minVersion=", "minVersion=0", "minVersion=-1", "minVersion=+1", "minVersion=x",
            "minVersion=9223372036854775808", "minVersion=1&id=7", "id=0195f0a0-0000-7000-8000-000000000000",
        ])
    func malformed(query: String) async throws {
        try await CachedQueryAPI.run(users, changes: users) { client, _ in
            let answer = try await get(client, "ada@b.org?\(query)")
            #expect(answer.status == .badRequest)
        }
    }

    @Test("ends the wait of a client that has gone")
    func clientGone() async throws {
        try await CachedQueryAPI.run(users, changes: users, over: .live) { client, cache in
            let port = try #require(client.port)
            let socket = try connect(to: UInt16(port))
            let request = "GET /users/ada@b.org?minVersion=1 HTTP/1.1\r\nHost: a\r\nPrefer: wait=30\r\n\r\n"
            #expect(send(request, on: socket))
            try await eventually("waiting") { cache.waiting == 1 }
            closeSocket(socket)
            try await eventually("nobody waits", within: .seconds(10)) { cache.waiting == 0 }
        }
    }

    @Test("shows who is known while the read model is away, marked, and answers 503 for anybody else")
    func degraded() async throws {
        let model = SwitchedReadModel(users)
        let change = CachedQueryAPI.makeUser("ada@b.org")
        _ = await users.write([change])
        try await CachedQueryAPI.run(model, changes: users) { client, _ in
            #expect(try await get(client, "ada@b.org").status == .ok)
            #expect(try await get(client, "ada@b.org").headers[.cacheStatus] == "query-api; hit")
            model.isAway.set()
            users.setFeedsBroken(true)
            for query in ["", "?minVersion=1&id=\(change.document.id)"] {
                let answer = try await get(client, "ada@b.org\(query)")
                #expect(answer.status == .ok)
                let status = try #require(answer.headers[.cacheStatus])
                #expect(status.wholeMatch(of: /query-api; hit; ttl=-\d+; detail=stale/) != nil)
            }
            for uri in ["nobody@b.org", "ada@b.org?minVersion=2", "nobody@b.org?minVersion=1"] {
                let answer = try await get(client, uri)
                #expect(answer.status == .serviceUnavailable)
                #expect(answer.headers[.retryAfter] != nil)
            }
        }
    }

    @Test("is nobody's for an address that is only equivalent to one that is there, as without the cache")
    func equivalentAddress() async throws {
        _ = await users.write([CachedQueryAPI.makeUser("a`b@b.org")])
        try await CachedQueryAPI.run(users, changes: users, over: .live) { client, _ in
            #expect(try await get(client, "a%E1%BF%AFb@b.org").status == .notFound)
            try await eventually("kept") {
                try await get(client, "a%60b@b.org").headers[.cacheStatus] == "query-api; hit"
            }
            #expect(try await get(client, "a%E1%BF%AFb@b.org").status == .notFound)
        }
    }
}
