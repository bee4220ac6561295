// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTypes
import HummingbirdTesting
import Testing

@Suite("Limits of GraphQL", .timeLimit(.minutes(1)))
struct LimitTests {
    private static func nested(_ depth: Int) -> String {
        String(repeating: "{ node ", count: depth - 1) + "{ name }" + String(repeating: " }", count: depth - 1)
    }

    private static let documents: [(what: String, message: String, document: String)] = [
        ("long", "longer than 16384 bytes", "{ hello } #" + String(repeating: "x", count: 16 << 10)),
        ("of many words", "more than 2000 tokens", "{ " + String(repeating: "hello ", count: 2_000) + "}"),
        ("deep", "nested more than 12 levels", nested(13)),
        (
            "wide", "more than 1000 fields",
            "{ ...a ...a ...a } fragment a on Query { " + String(repeating: "hello ", count: 400) + "}"
        ),
        (
            "aliased", "more than 1000 aliases",
            "{ " + (0..<3).map { "x\($0): node { ...a } " }.joined() + "} fragment a on Node { "
                + (0..<400).map { "y\($0): name " }.joined() + "}"
        ),
        ("bracketed", "nested more than 64 levels", "{ hello(name: \(String(repeating: "[", count: 200)) }"),
        (
            "cyclic", "fragment",
            "{ node { ...a } } fragment a on Node { node { ...b } } fragment b on Node { node { ...a } }"
        ),
        (
            "of long names", "longer than 8388608 bytes",
            "{ node { nodes { nodes { \(String(repeating: "x", count: 4_000)): name } } } }"
        ),
        ("multiplying", "more than 100000 values", "{ node { nodes { nodes { nodes { name } } } } }"),
    ]

    @Test("have an error each, by which nobody else is kept from being served", arguments: documents.indices)
    func refused(_ index: Int) async throws {
        let (what, message, document) = Self.documents[index]
        try await TestGraph().run { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<5 {
                    group.addTask {
                        let answer = try await client.ask(document)
                        #expect(answer.status == 422, "\(what): \(answer.body.prefix(200))")
                        // Wide documents may be refused for their aliases or their fields, whichever is met first.
                        let isNamed = answer.body.contains(message) || answer.body.contains("more than 1000")
                        #expect(isNamed, "\(what): \(answer.body.prefix(200))")
                        #expect(answer.body.utf8.count < 1_000, "\(what)")
                    }
                    group.addTask {
                        let answer = try await client.ask("{ hello }")
                        #expect(answer.status == 200)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("let through what is just within them, and what tools ask to know the schema")
    func allowed() async throws {
        try await TestGraph().run { client in
            let deep = try await client.ask(Self.nested(12))
            #expect(deep.status == 200)
            let type = "kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }"
            let schema = "{ __schema { types { fields { args { type { \(type) } } type { \(type) } } } } }"
            let answer = try await client.ask(schema)
            #expect(answer.status == 200)
        }
    }
}
