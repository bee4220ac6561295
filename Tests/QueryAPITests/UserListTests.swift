// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Hummingbird
import HummingbirdTesting
import ServiceKit
import Testing
import Users

@testable import QueryAPI

@Suite("GET /users", .timeLimit(.minutes(1)))
struct UserListTests {
    private let users = InMemoryReadModel<UserDocument>()

    /// Stores users with these names, registered in this order.
    private func register(_ names: [String]) async -> [UserDocument] {
        let documents = names.enumerated().map { number, name in
            let time = Timestamp(millisecondsSinceEpoch: 1_772_366_400_000 + Int64(number))
            return UserDocument(
                id: UUIDv7(at: time).description, version: 1, createdAt: time, updatedAt: time, name: name,
                email: "user\(number)@b.org")
        }
        await store(documents)
        return documents
    }

    private func store(_ documents: [UserDocument]) async {
        let changes = documents.compactMap { document in
            UUIDv7(document.id).map {
                ReadModelChange(
                    stream: Users.stream(of: $0), baseVersion: document.version - 1, document: document)
            }
        }
        #expect(await users.write(changes).isEmpty)
    }

    /// Follows `next` from the first page to the last.
    private func all(_ client: any TestClientProtocol, _ query: String) async throws -> [User] {
        var found: [User] = []
        var next: String?
        repeat {
            let uri = "/users?\(query)\(next.map { "&after=\($0)" } ?? "")"
            let page: Page<User> = try await client.get(uri)
            found += page.items
            next = page.next
        } while next != nil && found.count < 1000
        return found
    }

    @Test("gives users in order of their names, whatever the case, and of equal names in order of registration")
    func order() async throws {
        let documents = await register(["bob", "Ada", "ÉMILE", "Bob", "ada", "émile", "Zoe"])
        try await withQueryAPI(users) { client in
            for limit in [1, 2, 7, 500] {
                let found = try await all(client, "limit=\(limit)")
                #expect(found.map(\.name) == ["Ada", "ada", "bob", "Bob", "Zoe", "ÉMILE", "émile"])
                #expect(found.first?.id == documents[1].id)
            }
        }
    }

    @Test("gives each as GET /users/{email} does, and null behind the last page")
    func shape() async throws {
        _ = await register(["Ada"])
        try await withQueryAPI(users) { client in
            let user = try await client.execute(uri: "/users/user0@b.org", method: .get) { String(buffer: $0.body) }
            try await client.execute(uri: "/users", method: .get) { response in
                #expect(String(buffer: response.body) == #"{"items":[\#(user)],"next":null}"#)
            }
            try await client.execute(uri: "/users?name=b", method: .get) { response in
                #expect(String(buffer: response.body) == #"{"items":[],"next":null}"#)
            }
            try await client.execute(uri: "/users", method: .head) { response in
                #expect(response.status == .ok)
                #expect(response.body.readableBytes == 0)
            }
        }
    }

    @Test("has pages of 50 unless told otherwise")
    func defaultLimit() async throws {
        _ = await register((0..<51).map { "User \($0)" })
        try await withQueryAPI(users) { client in
            let first: Page<User> = try await client.get("/users")
            #expect(first.items.count == 50)
            let next = try #require(first.next)
            let second: Page<User> = try await client.get("/users?after=\(next)")
            #expect(second.items.count == 1)
            #expect(second.next == nil)
        }
    }

    @Test(
        "finds names by how they begin, whatever the case",
        arguments: [
            ("ADA", ["Ada", "Ada Lovelace", "adam"]), ("ada+", ["Ada Lovelace"]),
            ("%20%20Ada%C2%A0%20L", ["Ada Lovelace"]),
            ("%C3%A9", ["Émile"]), ("e%CC%81", ["Émile"]), ("e", []), ("STRASS", ["Straße"]), (".*", []), ("", nil),
        ] as [(String, [String]?)])
    func prefix(name: String, expected: [String]?) async throws {
        _ = await register(["adam", "Straße", "Ada Lovelace", "Bob", "Émile", "Ada"])
        try await withQueryAPI(users) { client in
            for limit in [1, 100] {
                let found = try await all(client, "name=\(name)&limit=\(limit)").map(\.name)
                #expect(found == expected ?? ["Ada", "Ada Lovelace", "adam", "Bob", "Straße", "Émile"])
            }
        }
    }

    @Test("leaves out deleted users, and goes on where they were")
    func deleted() async throws {
        let documents = await register(["a", "b", "c", "d"])
        try await withQueryAPI(users) { client in
            let first: Page<User> = try await client.get("/users?limit=2")
            let next = try #require(first.next)
            await store(
                documents[1...2].map {
                    UserDocument(id: $0.id, version: 2, createdAt: $0.createdAt, updatedAt: $0.updatedAt)
                })
            let second: Page<User> = try await client.get("/users?after=\(next)")
            #expect(second.items.map(\.name) == ["d"])
            #expect(try await all(client, "limit=1").map(\.name) == ["a", "d"])
        }
    }

    @Test("answers 503 with Retry-After while the read model is away")
    func unavailable() async throws {
        try await withQueryAPI(AwayReadModel()) { client in
            try await client.execute(uri: "/users", method: .get) { response in
                #expect(response.status == .serviceUnavailable)
                #expect(response.headers[.retryAfter] != nil)
                #expect(!String(buffer: response.body).contains("secret"))
            }
        }
    }
}
