// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import HTTPTestSupport
import NIOCore
import TestSupport
import Testing
import Tracing

@testable import OTLPTracing
@testable import ServiceKit

@Suite("Requests that are traced", .timeLimit(.minutes(1)))
struct ServerTracingTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private let caller = ("traceparent", "00-\(Self.trace)-00f067aa0ba902b7-01")
    private let queue = SpanQueue(BatchLimits())

    private func service(_ sampler: Sampler = .parentBasedAlwaysOn) -> TestService {
        var service = TestService()
        service.tracer = OTLPTracer(sampler: sampler, limits: SpanLimits(), queue: queue)
        service.hot = .post("/people", bodyLimit: 64) { request in
            .answer(HotAnswer(.accepted, fields: [("X-Hot", "yes")], body: ByteBuffer(string: "\"\(request.trace)\"")))
        }
        return service
    }

    /// In one piece, as what comes in several takes the other way.
    private func ask(
        _ method: String, _ path: String, _ service: TestService, _ headers: [(String, String)] = []
    ) async throws -> (answer: Answer, spans: [SpanData]) {
        let body = method == "POST" ? "[]" : ""
        let described = body.isEmpty ? [] : [("Content-Type", "application/json"), ("Content-Length", "\(body.count)")]
        let fields = ([("Host", "a")] + described + headers).map { "\($0): \($1)\r\n" }
        let text = try await withLiveService(service) { live in
            try await live.connect { connection in
                try await connection.send("\(method) \(path) HTTP/1.1\r\n\(fields.joined())\r\n\(body)")
                return try await within(.seconds(10)) { try await connection.readAnswer() }
            }
        }
        return (Answer(text), queue.take())
    }

    private struct Answer {
        private let head: [Substring]
        let body: String

        init(_ text: String) {
            let parts = text.split(separator: "\r\n\r\n", maxSplits: 1)
            head = parts.first?.split(separator: "\r\n") ?? []
            body = parts.count > 1 ? String(parts[1]) : ""
        }

        func header(_ name: String) -> String? {
            head.first { $0.lowercased().hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
        }
    }

    @Test("have a span in the caller's trace, by the route and never by the path")
    func ordinary() async throws {
        let (_, spans) = try await ask("GET", "/people/ada@example.org", service(), [caller])
        try #require(spans.count == 1)
        #expect((spans[0].name, spans[0].kind) == ("GET /people/{email}", .server))
        #expect(spans[0].parent?.traceParent == caller.1)
        #expect(
            spans[0].attributes.values == [
                "http.request.method": "GET", "http.route": "/people/{email}", "http.response.status_code": 200,
                "url.scheme": "http",
            ])
        #expect(spans[0].status == nil)
    }

    @Test("have the same ahead of the router, and what they cause is in their span")
    func hot() async throws {
        var (answer, spans) = try await ask("POST", "/people", service(), [caller])
        // What comes in two pieces goes by the router, and in how many it comes is the network's matter.
        for _ in 1...20 where answer.header("x-hot") == nil {
            (answer, spans) = try await ask("POST", "/people", service(), [caller])
        }
        #expect(answer.header("x-hot") == "yes")
        try #require(spans.count == 1)
        #expect((spans[0].name, spans[0].kind) == ("POST /people", .server))
        #expect(spans[0].parent?.traceParent == caller.1)
        #expect(spans[0].attributes.values.get("http.response.status_code") == 202)
        #expect(answer.body == "\"\(spans[0].context.traceParent)\"")
        #expect(answer.header("x-request-id") == Self.trace)
    }

    @Test("keep what vendors have added to the trace, whichever way they take", arguments: ["", "X-Unknown"])
    func traceState(other: String) async throws {
        let added = [("tracestate", "rojo=1"), ("tracestate", "congo=2")] + (other.isEmpty ? [] : [(other, "1")])
        let (answer, spans) = try await ask("POST", "/people", service(), [caller] + added)
        #expect((answer.header("x-hot") == nil) == !other.isEmpty)
        #expect(spans.map(\.context.state.text) == ["rojo=1, congo=2"])
    }

    @Test("are the exemplars of what is measured of them, if they are recorded", arguments: ["", "X-Unknown"])
    func exemplars(other: String) async throws {
        for flags in ["01", "00"] {
            var service = service()
            service.metrics = PrometheusMetrics(traceID: OTLPTracing.recordedTraceID)
            let headers = [("traceparent", "00-\(Self.trace)-00f067aa0ba902b7-\(flags)")]
            _ = try await ask("POST", "/people", service, headers + (other.isEmpty ? [] : [(other, "1")]))
            let text = String(decoding: service.metrics.render(.openMetrics), as: UTF8.self)
            let durations = text.split(separator: "\n").filter {
                $0.hasPrefix("http_server_request_duration_seconds_bucket{method=\"POST\"")
            }
            #expect(!durations.isEmpty)
            #expect(durations.count { $0.contains("trace_id=\"\(Self.trace)\"") } == (flags == "01" ? 1 : 0), "\(text)")
        }
    }

    @Test("are known by the trace that begins with them")
    func root() async throws {
        for (method, path) in [("POST", "/people"), ("GET", "/trace")] {
            let (answer, spans) = try await ask(method, path, service())
            let trace = try #require(spans.first).context.traceID.description
            #expect(answer.header("x-request-id") == trace)
            #expect(answer.body.contains(trace))
        }
    }

    @Test("have no span when they are not sampled, and hand that on")
    func unsampled() async throws {
        let (answer, spans) = try await ask(
            "POST", "/people", service(try #require(Sampler("always_off", ratio: 1))), [caller])
        #expect(spans.isEmpty)
        #expect(answer.body.hasPrefix("\"00-\(Self.trace)-"))
        #expect(answer.body.hasSuffix("-00\""))
        #expect(!answer.body.contains("00f067aa0ba902b7"))
    }

    @Test("are errors only when the service has failed")
    func errors() async throws {
        let (_, failed) = try await ask("GET", "/fails", service())
        #expect(failed.first?.status?.code == .error)
        #expect(failed.first?.attributes.values.get("error.type") == "500")
        #expect(!"\(failed)".contains("ada@example.org"))
        let (_, refused) = try await ask("GET", "/tea", service())
        #expect(refused.map(\.status) == [nil])
    }

    @Test("are not those of probes")
    func probes() async throws {
        for path in ["/live", "/metrics"] {
            let (_, spans) = try await ask("GET", path, service(), [caller])
            #expect(spans.isEmpty)
        }
    }
}
