// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import HummingbirdTesting
import Logging
import MongoDB
import Synchronization
import TestSupport
import Testing
import Users

@testable import CQRSMongoDB
@testable import QueryAPI

@Suite("Users by GraphQL", .timeLimit(.minutes(1)))
struct UserGraphTests {
    private let graph = TestGraph()

    private static let page = """
        query($name: String, $first: Int, $after: String) {
          users(name: $name, first: $first, after: $after) {
            edges { cursor node { email } }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          }
        }
        """

    @Test("are what REST says of them")
    func fields() async throws {
        await graph.register(0..<3)
        try await graph.run { client in
            let user: User = try await client.http.get("/users/user1@b.org")
            let found = try await client.data(
                #"{ user(email: "USER1@b.org") { id name email version createdAt updatedAt } }"#)["user"]
            #expect(
                [user.id, user.name, user.email, user.createdAt, user.updatedAt]
                    == [
                        "id", "name", "email", "createdAt", "updatedAt",
                    ].map { found[$0].text })
            #expect(found["version"] == .number(JSONNumber(1)))
        }
    }

    @Test("are null where nobody is, which is no error", arguments: ["nobody@b.org", "no address"])
    func nobody(_ email: String) async throws {
        try await graph.run { client in
            let user = try await client.data("{ user(email: \"\(email)\") { id } }")["user"]
            #expect(user == .null)
        }
    }

    @Test("of fifty aliases are looked up in four finds at most")
    func together() async throws {
        let asked = Mutex<[[String]]>([])
        let gate = Gate()
        let finds = GroupedFinds { _, _, emails in
            asked.withLock { $0.append(emails) }
            await gate.pass()
            return try emails.map { try BSONEncoder().encode(CachedQueryAPI.makeUser($0).document) }
        }
        try await withUnaskedMongo { client in
            let model = MongoReadModel<UserDocument>(
                collection: client.database("graph").collection("users"), lookups: UserProjection.lookups, finds: finds)
            try await graph.run(over: model, graph.items, graph.events) { client in
                let aliases = (0..<50).map { #"u\#($0): user(email: "user\#($0)@b.org") { email } "# }
                async let data = client.data("{ \(aliases.joined()) }")
                try await eventually("all are asked for") { finds.waiting == 48 }
                gate.open()
                let found = try await data
                for number in 0..<50 { #expect(found["u\(number)"]["email"].text == "user\(number)@b.org") }
            }
        }
        let finds50 = asked.withLock { $0.map(\.count) }
        #expect(finds50.count <= 4, "\(finds50)")
        #expect(finds50.reduce(0, +) == 50)
    }

    @Test("who have registered and are not visible yet are waited for, as long as the client says")
    func registered() async throws {
        let change = CachedQueryAPI.makeUser("ada@b.org")
        let id = try #require(UUIDv7(change.document.id))
        await graph.events.append([.created(UserCreated(id: id, name: "Ada", email: "ada@b.org"))], of: id)
        let query = #"{ user(email: "ada@b.org") { name } }"#
        try await graph.run { client in
            let errors = try await client.errors(query, prefer: "wait=0")
            #expect(errors == ["This is there and not visible yet: ask again."])
            async let waited = client.data(query, prefer: "wait=30")
            _ = await graph.users.write([change])
            let user = try await waited["user"]
            #expect(user["name"].text == "Ada")
        }
    }

    // MARK: Lists

    @Test("come page by page, each once and in REST's order", arguments: [1, 7, 50, 500])
    func pages(_ first: Int) async throws {
        await graph.register(0..<50)
        try await graph.run { client in
            var found: [String] = []
            var after: JSONValue = .null
            for number in 0... {
                let page = try await client.data(Self.page, ["first": .number(JSONNumber(first)), "after": after])[
                    "users"]
                found += page["edges"].elements.compactMap { $0["node"]["email"].text }
                let info = page["pageInfo"]
                #expect(info["hasPreviousPage"] == .bool(number > 0))
                #expect(info["startCursor"] == page["edges"].elements.first?["cursor"])
                after = info["endCursor"]
                guard info["hasNextPage"] == .bool(true) else { break }
                #expect(after == page["edges"].elements.last?["cursor"])
            }
            let all: Page<User> = try await client.http.get("/users?limit=500")
            #expect(found == all.items.map(\.email))
        }
    }

    @Test("go on behind any edge, by REST as well")
    func cursors() async throws {
        await graph.register(0..<20)
        try await graph.run { client in
            let edges = try await client.data(Self.page)["users"]["edges"].elements
            try #require(edges.count == 20)
            let cursor = try #require(edges[4]["cursor"].text)
            let rest = try await client.data(Self.page, ["after": .string(cursor)])["users"]["edges"].elements
            #expect(rest == Array(edges.dropFirst(5)))
            let page: Page<User> = try await client.http.get("/users?after=\(cursor)&limit=1")
            #expect(page.items.first?.email == edges[5]["node"]["email"].text)
        }
    }

    @Test("stay in their places while others come")
    func stable() async throws {
        await graph.register(0..<10)
        try await graph.run { client in
            let first = try await client.data(Self.page, ["first": .number(JSONNumber(5))])["users"]
            await graph.register(10..<20)
            let rest = try await client.data(Self.page, ["after": first["pageInfo"]["endCursor"]])["users"]
            let found = (first["edges"].elements + rest["edges"].elements).map { $0["cursor"].text }
            #expect(Set(found).count == found.count)
        }
    }

    @Test("are those whose names begin so, and none when there are none")
    func prefix() async throws {
        await graph.register(0..<14)
        try await graph.run { client in
            let some = try await client.data(Self.page, ["name": .string("aDA 3")])["users"]["edges"].elements
            #expect(some.map { $0["node"]["email"].text } == ["user3@b.org", "user10@b.org"])
            let none = try await client.data(Self.page, ["name": .string("Bob")])["users"]
            #expect(none["edges"] == .array([]))
            #expect(none["pageInfo"]["endCursor"] == .null)
            #expect(none["pageInfo"]["hasNextPage"] == .bool(false))
        }
    }

    @Test("are not listed by arguments that make no sense, each with its error")
    func refused() async throws {
        try await graph.run { client in
            for first in [0, -1, 501] {
                let errors = try await client.errors(Self.page, ["first": .number(JSONNumber(first))])
                #expect(errors == ["first must be from 1 to 500."])
            }
            #expect(
                try await client.errors(Self.page, ["after": .string("x")]) == ["after must be a cursor of this list."])
            let long = String(repeating: "x", count: 101)
            #expect(
                try await client.errors(Self.page, ["name": .string(long)]) == [
                    "name must have at most 100 characters."
                ])
        }
    }

    @Test("are not looked at by the ten thousand in one request: a list that has to be there leaves no data")
    func budget() async throws {
        await graph.register(0..<3)
        try await graph.run { client in
            let many = (0..<20).map { "u\($0): users(first: 500) { edges { node { email } } } " }.joined()
            let (status, body) = try await client.answer("{ user(email: \"user1@b.org\") { email } \(many) }")
            #expect(status == 294)
            #expect(body["data"] == .null)
            let messages = (body["errors"]?.elements ?? []).map { $0["message"].text }
            #expect(messages.first == "The request asks for more than 10000 documents.")
            #expect(try await client.answer("{ user(email: \"user1@b.org\") { email } }").status == 200)
        }
    }

    // MARK: History

    @Test("have their histories looked up together, those under several aliases, too")
    func histories() async throws {
        await graph.register(0..<50)
        for (stream, document) in graph.users.snapshot {
            let id = try #require(UUIDv7(document.id))
            #expect(stream == Users.stream(of: id))
            let (name, email) = (document.name ?? "", document.email ?? "")
            await graph.events.append(
                [
                    .created(UserCreated(id: id, name: name, email: email)),
                    .updated(UserUpdated(id: id, name: "\(name)!", email: email)),
                ], of: id)
        }
        let events = CountedPages(store: graph.events)
        try await graph.run(over: graph.users, graph.items, events) { client in
            let data = try await client.data(
                """
                { users { edges { node {
                  email first: history(first: 1) { edges { node { data } } pageInfo { hasNextPage } }
                  all: history { edges { node { type version } } pageInfo { hasNextPage } }
                } } } }
                """)
            let nodes = data["users"]["edges"].elements.map { $0["node"] }
            #expect(nodes.count == 50)
            for node in nodes {
                let first = node["first"]
                #expect(first["edges"].elements.map { $0["node"]["data"]["email"] } == [node["email"]])
                #expect(first["pageInfo"]["hasNextPage"] == .bool(true))
                let types = node["all"]["edges"].elements.map { $0["node"]["type"].text }
                #expect(types == ["user.created", "user.updated"])
                #expect(node["all"]["pageInfo"]["hasNextPage"] == .bool(false))
            }
        }
        #expect(events.looks.withLock { $0 } == [100])
    }

    @Test("have their histories read four at a time, whatever the fields that ask for them")
    func turns() async throws {
        await graph.register(0..<1)
        let (gate, begun) = (Gate(), Counter())
        let events = CountedPages(store: graph.events) {
            begun.add()
            await gate.pass()
        }
        try await graph.run(over: graph.users, graph.items, events) { client in
            let lists = (0..<10).map { "l\($0): users(first: 1) { edges { node { history { edges { cursor } } } } } " }
            async let answer = client.data("{ \(lists.joined()) }")
            try await eventually("four are under way") { begun.value == 4 }
            // What would exceed them has had its chance once another request has been answered.
            _ = try await client.data("{ users { edges { cursor } } }")
            #expect(begun.value == 4)
            gate.open()
            let data = try await answer
            #expect(data["l9"]["edges"].elements.count == 1)
        }
        #expect(begun.value == 10)
    }

    @Test("have their history in pages, and no other's cursor leads into it")
    func history() async throws {
        let change = CachedQueryAPI.makeUser("ada@b.org")
        let id = try #require(UUIDv7(change.document.id))
        _ = await graph.users.write([change])
        let updates = (0..<5).map { UserEvent.updated(UserUpdated(id: id, name: "Ada \($0)", email: "ada@b.org")) }
        await graph.events.append([.created(UserCreated(id: id, name: "Ada", email: "ada@b.org"))] + updates, of: id)
        let query = """
            query($after: String) { user(email: "ada@b.org") { history(first: 2, after: $after) {
              edges { node { version type recordedAt data } } pageInfo { hasNextPage endCursor } } } }
            """
        try await graph.run { client in
            var versions: [JSONValue] = []
            var after: JSONValue = .null
            repeat {
                let page = try await client.data(query, ["after": after])["user"]["history"]
                versions += page["edges"].elements.map { $0["node"]["version"] }
                after = page["pageInfo"]["hasNextPage"] == .bool(true) ? page["pageInfo"]["endCursor"] : .null
                if versions.count == 2 {
                    let data = page["edges"].elements[0]["node"]["data"]
                    #expect(data["email"] == .string("ada@b.org"))
                }
            } while after != .null && versions.count < 10
            #expect(versions == (1...6).map { .number(JSONNumber($0)) })
            let other = EventPosition(stream: Users.stream(of: UUIDv7(at: time(of: 7))), version: 1)
            #expect(
                try await client.errors(query, ["after": .string(other.cursor(HistoryQuery.list))])
                    == ["after must be a cursor of this list."])
        }
    }
}
