// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTestSupport
import Hummingbird
import HummingbirdTesting
import Synchronization
import TestSupport
import Testing
import Tracing

@testable import OTLPTracing

@Suite("The execution of GraphQL", .timeLimit(.minutes(1)))
struct ExecutionTests {
    @Test("ends when its client leaves")
    func departure() async throws {
        let (begun, cancelled, gate) = (Counter(), Counter(), Gate())
        var graph = TestGraph()
        graph.waits = {
            begun.add()
            await withTaskCancellationHandler {
                await gate.pass()
            } onCancel: {
                cancelled.add()
                gate.open()
            }
        }
        try await graph.application().test(.live) { client in
            let port = try #require(client.port)
            try await RawConnection.open(port: port) { connection in
                try await connection.send("GET /graphql?query=%7Bwaits%7D HTTP/1.1\r\nHost: localhost\r\n\r\n")
                try await eventually("the field is asked for") { begun.value == 1 }
                #expect(cancelled.value == 0)
            }
            try await eventually("it is cancelled") { cancelled.value == 1 }
        }
    }

    @Test("keeps nobody else waiting")
    func others() async throws {
        let (begun, gate) = (Counter(), Gate())
        var graph = TestGraph()
        graph.waits = {
            begun.add()
            await gate.pass()
        }
        try await graph.run { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { gate.open() }
                for _ in 0..<100 {
                    group.addTask {
                        let answer = try await client.ask("{ waits }")
                        #expect(answer.status == 200)
                    }
                }
                try await eventually("all wait") { begun.value == 100 }
                let answer = try await client.ask("{ hello }")
                #expect(answer.status == 200)
                gate.open()
                try await group.waitForAll()
            }
        }
    }

    @Test("has a span by the kind of operation, which says nothing of the document")
    func tracing() async throws {
        let queue = SpanQueue(BatchLimits())
        var graph = TestGraph()
        graph.tracer = OTLPTracer(sampler: .parentBasedAlwaysOn, limits: SpanLimits(), queue: queue)
        try await graph.run { client in
            _ = try await client.ask(#"query Ada { hello(name: "ada@example.org") }"#)
            _ = try await client.ask("{ nothing }")
        }
        let spans = queue.take()
        let parts = spans.filter { $0.kind == .internal }
        try #require(parts.count == 1)
        #expect(parts[0].status == nil)
        #expect(parts[0].name == "query")
        #expect(parts[0].attributes.values.get("graphql.operation.type") == "query")
        #expect(parts[0].attributes.values.count == 1)
        let request = spans.first { $0.name == "POST /graphql" && $0.context.traceID == parts[0].context.traceID }
        #expect(request?.kind == .server)
    }

    @Test(
        "has a span that fails by what is the service's fault, not by what is the client's",
        arguments: [
            ("{ fails }", true), ("{ refuses }", false), ("query($n: String!) { hello(name: $n) }", false),
            ("{ node { nodes { nodes { nodes { name } } } } }", false),
        ])
    func failedSpan(_ query: String, _ isFault: Bool) async throws {
        let queue = SpanQueue(BatchLimits())
        var graph = TestGraph()
        graph.tracer = OTLPTracer(sampler: .parentBasedAlwaysOn, limits: SpanLimits(), queue: queue)
        try await graph.run { client in _ = try await client.ask(query) }
        let part = try #require(queue.take().first { $0.kind == .internal })
        #expect((part.status?.code == .error) == isFault)
        #expect((part.attributes.values.get("error.type") == "Secret") == isFault)
    }
}
