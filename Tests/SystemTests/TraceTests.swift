// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

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

        @Test("one trace tells a command's way, span by span, and a reader who waited for it has a link")
        func way() async throws {
            try await OTLPReceiver.run { receiver in
                let settings = [
                    "OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint,
                    "OTEL_BSP_SCHEDULE_DELAY": "100",
                ]
                try await TestSystem.run { system, services in
                    for service in system.services {
                        _ = try await services.terminate(service)
                        try await services.start(service, settings)
                    }
                    try await follow(system, services)
                    try await eventually("all spans of both traces") {
                        try receiver.spans().count { [trace, reading].contains($0.traceId) } >= 6
                    }
                }
                try check(try receiver.spans())
            }
        }

        /// Registers a user while nothing is projected, waits for the user, and lets the projection go on.
        private func follow(_ system: TestSystem, _ services: Services) async throws {
            await services.pause(system.consumer)
            let posted = try await HTTP.send(
                "POST", "\(system.commandAPI.url)/users",
                json: #"{"name":"Ada Lovelace","email":"ada@trace.example.org"}"#,
                headers: [("traceparent", "00-\(trace)-\(caller)-01")])
            #expect(posted.status == 202)
            #expect(posted.header("x-request-id") == trace)
            let location = try #require(posted.header("location"))
            async let answer = HTTP.send(
                "GET", location,
                headers: [("Prefer", "wait=25"), ("traceparent", "00-\(reading)-\(caller)-01")])
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
