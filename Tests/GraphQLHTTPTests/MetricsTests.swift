// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@Suite("Metrics of GraphQL", .timeLimit(.minutes(1)))
struct MetricsTests {
    /// The samples of GraphQL's metrics that are not 0, without the part of their names that all share.
    private func samples(_ client: any TestClientProtocol) async throws -> [String: String] {
        try await client.execute(uri: "/metrics", method: .get) { response in
            let lines = String(buffer: response.body).split(separator: "\n").filter { $0.hasPrefix("graphql_") }
            let pairs = lines.map { line in line.dropFirst("graphql_".count).split(separator: " ").map(String.init) }
            return Dictionary(uniqueKeysWithValues: pairs.filter { $0[1] != "0" }.map { ($0[0], $0[1]) })
        }
    }

    @Test(
        "count a request with errors once, by their kind",
        arguments: [
            ("{ hello", "syntax"), ("{ nothing }", "validation"), ("query($n: String!) { hello(name: $n) }", "request"),
            ("{ fails refuses }", "field"), ("{ node { nodes { nodes { nodes { name } } } } }", "limit"),
            ("{ hello } #" + String(repeating: "x", count: 16 << 10), "limit"),
        ])
    func failures(_ query: String, _ kind: String) async throws {
        try await TestGraph().run { client in
            _ = try await client.ask("{ hello }")
            _ = try await client.ask(query)
            let failures = try await samples(client).filter { $0.key.hasPrefix("failures") }
            #expect(failures == ["failures_total{kind=\"\(kind)\"}": "1"])
        }
    }

    @Test("count a change that is asked for by GET")
    func notByGet() async throws {
        try await TestGraph().run { client in
            _ = try await client.get("?query=mutation%7Bchange%7D")
            let failures = try await samples(client).filter { $0.key.hasPrefix("failures") }
            #expect(failures == ["failures_total{kind=\"request\"}": "1"])
        }
    }

    @Test(
        "tell that what has been read is not read again, whether it was valid or not",
        arguments: [
            ("{ hello }", 1, 1), ("{ nothing }", 1, 1), ("query($n: String!) { hello(name: $n) }", 1, 1),
            // What is no document is read each time,
            ("{ hello", 2, 0),
            // and what is too long to be one is not even looked for.
            ("{ hello } #" + String(repeating: "x", count: 16 << 10), 0, 0),
        ])
    func documents(_ query: String, _ misses: Int, _ hits: Int) async throws {
        try await TestGraph().run { client in
            let first = try await client.ask(query)
            let second = try await client.ask(query)
            #expect((first.status, first.body) == (second.status, second.body))
            let samples = try await samples(client)
            #expect(samples["document_cache_misses_total"] ?? "0" == "\(misses)")
            #expect(samples["document_cache_hits_total"] ?? "0" == "\(hits)")
            #expect((samples["document_cache_bytes"] == nil) == (hits == 0))
        }
    }
}
