// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

/// What holds for every route, where it matters to those who ask by GraphQL.
@Suite("Clients of GraphQL", .timeLimit(.minutes(1)))
struct ClientTests {
    private static let origin = "https://shop.example"

    private func graph(_ environment: [String: String] = [:]) -> TestGraph {
        var graph = TestGraph()
        graph.environment = environment.merging(["CORS_ORIGINS": Self.origin]) { $1 }
        return graph
    }

    private func fields(_ origin: String) throws -> HTTPFields {
        [
            .origin: origin, .contentType: "application/json",
            try #require(HTTPField.Name("Access-Control-Request-Method")): "POST",
            try #require(HTTPField.Name("Access-Control-Request-Headers")): "content-type",
        ]
    }

    @Test("on pages of other origins may ask if they are listed", arguments: [origin, "https://evil.example"])
    func crossOrigin(_ origin: String) async throws {
        let allowed = origin == Self.origin ? origin : nil
        try await graph().application().test(.live) { client in
            let preflight = try await client.execute(uri: "/graphql", method: .options, headers: try fields(origin)) {
                $0
            }
            #expect(preflight.headers[.accessControlAllowOrigin] == allowed)
            #expect(preflight.headers[.accessControlAllowMethods] == "GET, HEAD, OPTIONS, POST")
            for query in ["{ hello }", "{ fails }", "{ nothing }"] {
                let answer = try await client.execute(
                    uri: "/graphql", method: .post, headers: [.origin: origin, .contentType: "application/json"],
                    body: .init(string: "{\"query\":\"\(query)\"}")
                ) { $0 }
                #expect(answer.headers[.accessControlAllowOrigin] == allowed, "\(query)")
            }
        }
    }

    @Test("who ask too often are told so, in problem details")
    func tooOften() async throws {
        try await graph(["RATE_LIMIT": "1"]).application().test(.live) { client in
            for _ in 0..<1_000 {
                let answer = try await client.ask("{ hello }")
                guard answer.status != 200 else { continue }
                #expect((answer.status, answer.type) == (429, "application/problem+json"))
                #expect(answer.headers[.retryAfter] == "1")
                return
            }
            Issue.record("Nobody was told.")
        }
    }
}
