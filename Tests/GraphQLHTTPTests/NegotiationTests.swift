// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTypes
import Testing

@Suite("What a client of GraphQL wants to have", .timeLimit(.minutes(1)))
struct NegotiationTests {
    private static let response = "application/graphql-response+json; charset=utf-8"
    private static let json = "application/json; charset=utf-8"

    @Test(
        "is what it gets",
        arguments: [
            (nil, response), ("", response), ("*/*", response), ("application/*", response),
            ("application/graphql-response+json", response), ("application/json", json),
            ("application/json; charset=utf-8", json),
            ("application/graphql-response+json, application/json;q=0.9", response),
            ("application/json, application/graphql-response+json", response),
            ("application/json, application/graphql-response+json;q=0.5", json),
            ("application/json, */*;q=0.1", json), ("*/*;q=0.1, application/json;q=0.2", json),
            ("application/graphql-response+json;q=0, application/json", json),
            ("APPLICATION/JSON", json), ("text/html;q=0.1, application/json", json),
        ] as [(String?, String)])
    func wanted(_ accept: String?, _ type: String) async throws {
        try await TestGraph().run { client in
            let answer = try await client.post(#"{"query":"{ hello }"}"#, accept: accept)
            #expect((answer.status, answer.type) == (200, type))
            let byGet = try await client.get("?query={hello}", accept: accept)
            #expect(byGet.type == type)
        }
    }

    @Test(
        "is not there: 406",
        arguments: [
            "text/plain", "application/xml, image/*", "*/*;q=0", "application/json;q=0",
            "application/graphql-response+json; charset=utf-16",
        ])
    func unwanted(_ accept: String) async throws {
        try await TestGraph().run { client in
            let answer = try await client.post(#"{"query":"{ hello }"}"#, accept: accept)
            #expect((answer.status, answer.type) == (406, "application/problem+json"))
            let byGet = try await client.get("?query={hello}", accept: accept)
            #expect(byGet.status == 406)
        }
    }

    @Test("is JSON: then data with errors are 200, and what has no data says by its type that it is GraphQL's")
    func legacy() async throws {
        try await TestGraph().run { client in
            let partial = try await client.post(#"{"query":"{ fails }"}"#, accept: "application/json")
            #expect((partial.status, partial.type) == (200, Self.json))
            let invalid = try await client.post(#"{"query":"{ nothing }"}"#, accept: "application/json")
            #expect((invalid.status, invalid.type) == (422, Self.response))
        }
    }

    @Test("is gzip, for what is long, errors beside the data or not", arguments: ["", " fails"])
    func compression(_ field: String) async throws {
        try await TestGraph().run { client in
            let query = #"{"query":"{ node { nodes { name } }\#(field) }"}"#
            for encoding in [nil, "gzip"] {
                let answer = try await client.post(query, encoding: encoding)
                #expect(answer.headers[.contentEncoding] == encoding)
            }
            let short = try await client.post(#"{"query":"{ hello }"}"#, encoding: "gzip")
            #expect(short.headers[.contentEncoding] == nil)
        }
    }

    @Test("is a page: browsers get it, with a query or without")
    func page() async throws {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
        try await TestGraph().run { client in
            for query in ["", "?query=%7Bhello%7D"] {
                let answer = try await client.get(query, accept: browser)
                #expect((answer.status, answer.type) == (200, "text/html; charset=utf-8"))
                #expect(answer.headers[.vary] == "Accept")
                #expect(answer.headers[.contentSecurityPolicy]?.contains("script-src 'self';") == true)
            }
        }
    }

    @Test("is what the page loads, and nothing else")
    func files() async throws {
        try await TestGraph().run { client in
            let page = try await client.get("", accept: "text/html").body
            for match in page.matches(of: /"graphql\/page\/([a-z.]+)"/) {
                let file = try await client.get("/page/\(match.1)")
                #expect(file.status == 200, "\(match.1)")
            }
            let script = try await client.get("/page/graphql.js").body
            for match in script.matches(of: /from "\.\/([a-z.]+)"/) {
                let answer = try await client.get("/page/\(match.1)")
                #expect((answer.status, answer.type) == (200, "text/javascript; charset=utf-8"), "\(match.1)")
            }
            let unknown = try await client.get("/page/other.js")
            #expect(unknown.status == 404)
        }
    }
}
