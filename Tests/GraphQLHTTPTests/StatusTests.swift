// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTypes
import Testing

/// "Status Codes" of GraphQL over HTTP, September 2026, one by one.
@Suite("GraphQL over HTTP", .timeLimit(.minutes(1)))
struct StatusTests {
    private let graph = TestGraph()
    private static let type = "application/graphql-response+json; charset=utf-8"

    @Test("answers what was asked for with 200, in the type of GraphQL responses")
    func data() async throws {
        try await graph.run { client in
            let answer = try await client.post(
                #"{"query":"query A($n: String) { hello(name: $n) } query B { node { name } }","operationName":"A","variables":{"n":"Ada"},"extensions":{"x":1},"unknown":true}"#
            )
            #expect((answer.status, answer.type) == (200, Self.type))
            #expect(answer.body == #"{"data":{"hello":"Hello, Ada"}}"#)
            #expect(answer.headers[.vary] == "Accept, Accept-Encoding")
            #expect(answer.headers[.cacheControl] == "no-store")
        }
    }

    @Test("takes null for nothing", arguments: ["operationName", "variables", "extensions"])
    func nulls(_ name: String) async throws {
        try await graph.run { client in
            let answer = try await client.post(#"{"query":"{ hello }","\#(name)":null}"#)
            #expect(answer.status == 200)
        }
    }

    @Test(
        "answers data with errors with 294, even when the data are null", arguments: ["fails", "failsHard", "refuses"])
    func partial(_ field: String) async throws {
        try await graph.run { client in
            let answer = try await client.ask("{ \(field) }")
            #expect((answer.status, answer.type) == (294, Self.type))
            #expect(answer.body.contains(#""path":["\#(field)"]"#))
            #expect(answer.body.contains(field == "failsHard" ? #""data":null"# : #""data":{"\#(field)":null}"#))
        }
    }

    @Test("tells nothing of what went wrong inside, and all that a resolver wants to be told")
    func secrets() async throws {
        try await graph.run { client in
            let answer = try await client.ask("{ fails refuses }")
            #expect(!answer.body.contains("mongodb"))
            #expect(answer.body.contains("Not today."))
        }
    }

    @Test("answers what is no document with 400, and where it is none")
    func syntax() async throws {
        try await graph.run { client in
            let answer = try await client.ask("{ hello")
            #expect((answer.status, answer.type) == (400, Self.type))
            #expect(answer.body.contains(#""locations":[{"line":1,"column":8}]"#))
        }
    }

    @Test(
        "answers what is not executed with 422",
        arguments: [
            #"{"query":"{ nothing }"}"#,
            #"{"query":"query A { hello } query B { hello }"}"#,
            #"{"query":"{ hello }","operationName":"C"}"#,
            #"{"query":"query($n: String!) { hello(name: $n) }"}"#,
            #"{"query":"query($n: String) { hello(name: $n) }","variables":{"n":[]}}"#,
        ])
    func invalid(_ body: String) async throws {
        try await graph.run { client in
            let answer = try await client.post(body)
            #expect((answer.status, answer.type) == (422, Self.type))
            #expect(answer.body.hasPrefix(#"{"errors":[{"message":"#) && !answer.body.contains("data"))
        }
    }

    @Test(
        "answers what is no JSON with 400, which is a problem and no GraphQL response",
        arguments: ["", "{", "\u{FEFF}{}"])
    func noJSON(_ body: String) async throws {
        try await graph.run { client in
            let answer = try await client.post(body)
            #expect((answer.status, answer.type) == (400, "application/problem+json"))
            #expect(answer.body.contains("/problems/malformed-json"))
        }
    }

    @Test(
        "answers parameters of wrong types with 422, each named",
        arguments: [
            ("[]", ""), ("{}", "/query"), (#"{"query":null}"#, "/query"), (#"{"query":1}"#, "/query"),
            (#"{"query":"{ hello }","operationName":1}"#, "/operationName"),
            (#"{"query":"{ hello }","variables":[7]}"#, "/variables"),
            (#"{"query":"{ hello }","variables":"{}"}"#, "/variables"),
            (#"{"query":"{ hello }","extensions":true}"#, "/extensions"),
        ])
    func malformed(_ body: String, _ pointer: String) async throws {
        try await graph.run { client in
            let answer = try await client.post(body)
            #expect((answer.status, answer.type) == (422, "application/problem+json"))
            #expect(answer.body.contains(#""pointer":"\#(pointer)""#))
        }
    }

    @Test(
        "takes JSON alone, so that no form of another page can send a query",
        arguments: [
            nil, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
            "application/graphql",
        ])
    func mediaTypes(_ type: String?) async throws {
        try await graph.run { client in
            let answer = try await client.post(#"{"query":"{ hello }"}"#, type: type)
            #expect((answer.status, answer.type) == (415, "application/problem+json"))
        }
    }

    @Test(
        "takes JSON whatever its parameters",
        arguments: ["application/json; charset=utf-8", "Application/JSON;charset=UTF-8"])
    func charset(_ type: String) async throws {
        try await graph.run { client in
            let answer = try await client.post(#"{"query":"{ hello(name: \"Zoë\") }"}"#, type: type)
            #expect(answer.body.contains("Zoë"))
        }
    }

    @Test("refuses a body beyond 64 KiB with 413")
    func tooLarge() async throws {
        try await graph.run { client in
            let padding = String(repeating: " ", count: 64 << 10)
            let answer = try await client.post(#"{"query":"{ hello }"}"# + padding)
            #expect(answer.status == 413)
        }
    }

    @Test("has no other methods", arguments: ["PUT", "DELETE", "PATCH"])
    func methods(_ method: String) async throws {
        try await graph.run { client in
            let answer = try await client.get("", method: .init(rawValue: method)!)
            #expect(answer.status == 405)
            #expect(answer.headers[.allow] == "GET, HEAD, OPTIONS, POST")
        }
    }

    // MARK: GET

    @Test("answers GET with the parameters in the URL, empty ones being none")
    func get() async throws {
        try await graph.run { client in
            let answer = try await client.get(
                "?query=query+A($n:String)%7Bhello(name:$n)%7D&variables=%7B%22n%22:%22Ada%22%7D&operationName=&extensions="
            )
            #expect((answer.status, answer.type) == (200, Self.type))
            #expect(answer.body == #"{"data":{"hello":"Hello, Ada"}}"#)
        }
    }

    @Test(
        "answers GET with parameters of wrong types with 422",
        arguments: [
            ("", "/query"), ("?query=", "/query"), ("?query=%FF", "/query"), ("?query={hello}&query={hello}", "/query"),
            ("?query={hello}&variables=[]", "/variables"), ("?query={hello}&variables={", "/variables"),
            ("?query={hello}&extensions=1", "/extensions"),
        ])
    func malformedGet(_ query: String, _ pointer: String) async throws {
        try await graph.run { client in
            let answer = try await client.get(query)
            #expect((answer.status, answer.type) == (422, "application/problem+json"))
            #expect(answer.body.contains(#""pointer":"\#(pointer)""#))
        }
    }

    @Test("changes nothing by GET: 405, and where to")
    func mutation() async throws {
        try await graph.run { client in
            let answer = try await client.get("?query=mutation%7Bchange%7D")
            #expect((answer.status, answer.type) == (405, Self.type))
            #expect(answer.headers[.allow] == "POST")
            let byPost = try await client.ask("mutation { change }")
            #expect(byPost.body == #"{"data":{"change":1}}"#)
        }
    }

    @Test("serves the schema as it was written")
    func schema() async throws {
        try await graph.run { client in
            let answer = try await client.get("/schema.graphql", accept: nil)
            #expect(answer.body == TestGraph.text)
        }
    }
}
