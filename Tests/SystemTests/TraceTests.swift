// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSAMQP
import Foundation
import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("Traces", .serialized, .timeLimit(.minutes(5)))
    struct TraceTests {
        private let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        private let reading = "0af7651916cd43dd8448eb211c80319c"
        private let caller = "00f067aa0ba902b7"

        /// Runs a test with a system that is traced.
        private func run(
            _ body: @Sendable (OTLPReceiver, TestSystem, Services) async throws -> Void
        ) async throws {
            try await OTLPReceiver.run { receiver in
                let settings = [
                    "OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint,
                    "OTEL_BSP_SCHEDULE_DELAY": "100",
                ]
                try await TestSystem.run(common: settings) { try await body(receiver, $0, $1) }
            }
        }

        @Test("one trace tells a command's way, span by span, and a reader who waited for it has a link")
        func way() async throws {
            try await run { receiver, system, services in
                try await follow(system, services)
                try await eventually("all spans of both traces") {
                    try receiver.spans().count { [trace, reading].contains($0.traceId) } >= 6
                }
                try check(try receiver.spans())
                for service in [system.commandAPI, system.consumer] {
                    let metrics = try await HTTP.get(
                        "\(service.url)/metrics", headers: [("Accept", "application/openmetrics-text")]
                    ).body
                    #expect(metrics.contains("trace_id=\"\(trace)\""), "\(service.name)")
                }
            }
        }

        @Test("a trace shows each attempt of what met a retry, and who waited for it meanwhile")
        func retried() async throws {
            try await run { receiver, system, _ in
                try await system.refuseUsers(named: "Refused")
                let location = try await post(system, name: "Refused")
                async let answer = wait(for: location)
                try await eventually("a retry") {
                    try await system.consumerMetric("cqrs_projection_deliveries_retried_total") >= 1
                }
                try await system.refuseUsers(named: nil)
                #expect(try await answer.status == 200)
                try await eventually("the spans of what came of it") {
                    let spans = try receiver.spans()
                    return spans.contains { $0.traceId == reading } && attempts(spans).contains { $0.writes.count == 1 }
                }
                let trees = try await receiver.trees(of: trace, reading)
                print(trees)
                let spans = try receiver.spans()
                let post = try #require(spans.first { $0.name == "POST /users" })
                let publish = try #require(spans.first { $0.name.hasPrefix("publish ") && $0.traceId == trace })
                #expect(attempts(spans).count >= 2)
                #expect(attempts(spans).allSatisfy { $0.process.parentSpanId == publish.spanId })
                // An attempt that is followed by another is no error.
                #expect(spans.allSatisfy { $0.status == .unset })
                let last = attempts(spans).max { $0.process.start < $1.process.start }
                #expect(
                    attempts(spans).allSatisfy {
                        ($0.process.spanId == last?.process.spanId) == $0.process.events.isEmpty
                    })
                let get = try #require(spans.first { $0.traceId == reading })
                #expect(get.links.map(\.spanId) == [post.spanId])
                #expect(trees.contains("GET /users/{email}  SERVER  http.response.status_code=200  -> POST /users"))
            }
        }

        @Test("a replay of dead letters has a trace of its own, with a link to what it is about")
        func replayed() async throws {
            try await run { receiver, system, _ in
                var event = UserHistories.user("odd@trace.example.org", versions: 1)[0]
                event.schema = 7
                event.metadata.traceparent = "00-\(trace)-\(caller)-01"
                let odd = event
                try await system.publishing { events, _ in
                    for outcome in await events.publish([odd]) { #expect(outcome.isPublished) }
                }
                try await eventually("a letter") { try await system.depth(of: "users.projection.dead") == 1 }
                let replay = try await system.consumer.run(["dead-letters", "replay", "--all"])
                #expect(replay.status == 0, "\(replay.errors)")
                let spans = try receiver.spans()
                let root = try #require(spans.first { $0.name == "replay users.projection.dead" })
                #expect((root.kind, root.parentSpanId) == (.internal, nil))
                #expect(root.traceId != trace)
                let publish = try #require(spans.first { $0.name == "publish users.projection" })
                #expect((publish.traceId, publish.parentSpanId) == (root.traceId, root.spanId))
                #expect(publish.links.map { [$0.traceId, $0.spanId] } == [[trace, caller]])
                try await eventually("the letter processed again in its own trace") {
                    try receiver.spans().count { $0.traceId == trace && $0.kind == .consumer } == 2
                }
            }
        }

        /// The attempts to apply a user, with what each wrote.
        private func attempts(_ spans: [ReceivedSpan]) -> [(process: ReceivedSpan, writes: [ReceivedSpan])] {
            spans.filter { $0.traceId == trace && $0.kind == .consumer }.map { process in
                (process, spans.filter { $0.parentSpanId == process.spanId })
            }
        }

        /// Registers a user in the trace. - Returns: where to wait for it.
        private func post(_ system: TestSystem, name: String) async throws -> String {
            let posted = try await HTTP.send(
                "POST", "\(system.commandAPI.url)/users", json: #"{"name":"\#(name)","email":"ada@trace.example.org"}"#,
                headers: [("traceparent", "00-\(trace)-\(caller)-01")])
            #expect(posted.status == 202)
            #expect(posted.header("x-request-id") == trace)
            return try #require(posted.header("location"))
        }

        private func wait(for location: String) async throws -> HTTPAnswer {
            try await HTTP.send(
                "GET", location, headers: [("Prefer", "wait=25"), ("traceparent", "00-\(reading)-\(caller)-01")])
        }

        /// Registers a user while nothing is projected, waits for the user, and lets the projection go on.
        private func follow(_ system: TestSystem, _ services: Services) async throws {
            await services.pause(system.consumer)
            let location = try await post(system, name: "Ada Lovelace")
            async let answer = wait(for: location)
            try await eventually("the reader waiting") {
                try await HTTP.get("\(system.queryAPI.url)/metrics").body
                    .contains(/cqrs_near_cache_waiters\{[^}]*users[^}]*\} 1/)
            }
            await services.resume(system.consumer)
            #expect(try await answer.status == 200)
        }

        private func check(_ spans: [ReceivedSpan]) throws {
            func span(_ service: String, _ name: String, _ kind: ReceivedSpan.Kind) throws -> ReceivedSpan {
                let found = spans.filter { ($0.service, $0.name, $0.kind) == (service, name, kind) }
                try #require(found.count == 1, "\(name): \(found.count)")
                return found[0]
            }
            let post = try span("command-api", "POST /users", .server)
            #expect((post.traceId, post.parentSpanId) == (trace, caller))
            #expect(
                post.attributes == [
                    "http.request.method": "POST", "http.route": "/users", "http.response.status_code": 202,
                    "url.scheme": "http",
                ])
            let insert = try span("command-api", "insert events", .client)
            #expect((insert.traceId, insert.parentSpanId) == (trace, post.spanId))
            #expect(
                insert.attributes == [
                    "db.system.name": "mongodb", "db.namespace": "cqrs_write", "db.collection.name": "events",
                    "db.operation.name": "insert",
                ])
            let publish = try span("command-api", "publish domain_events:user.created", .producer)
            #expect((publish.traceId, publish.parentSpanId) == (trace, post.spanId))
            #expect(publish.attributes["messaging.system"] == "rabbitmq")
            #expect(publish.attributes["messaging.destination.name"] == "domain_events:user.created")
            let process = try span("consumer", "process users.projection", .consumer)
            #expect((process.traceId, process.parentSpanId) == (trace, publish.spanId))
            #expect(process.attributes["messaging.operation.type"] == "process")
            let update = try span("consumer", "update users", .client)
            #expect((update.traceId, update.parentSpanId) == (trace, process.spanId))
            #expect(update.attributes["db.namespace"] == "cqrs_read")

            let get = try span("query-api", "GET /users/{email}", .server)
            #expect((get.traceId, get.parentSpanId) == (reading, caller))
            #expect(get.links.map { [$0.traceId, $0.spanId] } == [[trace, post.spanId]])

            for span in [post, insert, publish, process, update, get] { #expect(span.status == .unset) }
            // Nothing of a person, wherever it might be.
            #expect(!"\(spans)".contains("trace.example.org"))
        }
    }
}
