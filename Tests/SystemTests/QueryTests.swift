// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("Lists and the past, over HTTP", .serialized, .timeLimit(.minutes(5)))
    struct QueryTests {
        @Test("users are listed page by page, and what happened to one of them is told and shown")
        func queries() async throws {
            try await TestSystem.run { system, _ in
                for (name, email) in [("ada", "ada@list.org"), ("Émile", "emile@list.org"), ("Bob", "bob@list.org")] {
                    #expect(try await system.post(name: name, email: email).status == 202)
                }
                let renamed = try await HTTP.send(
                    "PATCH", "\(system.commandAPI.url)/users/ada@list.org",
                    json: #"{"name":"Ada Lovelace","email":"lovelace@list.org"}"#)
                #expect(renamed.status == 202)
                #expect(
                    try await HTTP.send("DELETE", "\(system.commandAPI.url)/users/bob@list.org").status == 202)

                try await eventually("list up to date") {
                    try await names(system, "").joined(separator: ",") == "Ada Lovelace,Émile"
                }
                #expect(try await names(system, "?limit=1") == ["Ada Lovelace"])
                let next = try #require(try await page(system, "/users?limit=1").next)
                #expect(try await names(system, "?limit=1&after=\(next)") == ["Émile"])
                #expect(try await names(system, "?name=%C3%A9M") == ["Émile"])
                #expect(try await names(system, "?name=bob") == [])

                let history = try await page(system, "/users/lovelace@list.org/history")
                #expect(history.items.map(\.type) == ["user.created", "user.updated"])
                #expect(history.items.map(\.version) == [1, 2])
                #expect(history.next == nil)
                for gone in ["ada@list.org", "bob@list.org"] {
                    #expect(try await HTTP.get("\(system.queryAPI.url)/users/\(gone)/history").status == 404)
                }

                let before = try await HTTP.get("\(system.queryAPI.url)/users/lovelace@list.org?version=1")
                #expect(before.header("etag") == "\"1\"")
                #expect(before.body.contains(#""name":"ada","email":"ada@list.org","version":1"#))
                let registered = try #require(history.items.first?.recordedAt)
                let then = try await HTTP.get("\(system.queryAPI.url)/users/lovelace@list.org?at=\(registered)")
                #expect(then.body == before.body)

                for personal in ["@list.org", "lovelace", "émile"] {
                    #expect(!system.queryAPI.logText.localizedCaseInsensitiveContains(personal))
                }
            }
        }

        private func page(_ system: TestSystem, _ path: String) async throws -> Page {
            let answer = try await HTTP.get("\(system.queryAPI.url)\(path)")
            guard answer.status == 200 else { throw UnexpectedAnswer(answer) }
            return try JSONDecoder().decode(Page.self, from: Data(answer.body.utf8))
        }

        private func names(_ system: TestSystem, _ query: String) async throws -> [String] {
            try await page(system, "/users\(query)").items.compactMap(\.name)
        }
    }
}

private struct Page: Decodable {
    /// A user, or an event.
    struct Item: Decodable {
        let name: String?
        let version: Int64
        let type: String?
        let recordedAt: String?
    }
    let items: [Item]
    let next: String?
}
