// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Logging
import ServiceLifecycle
import TestSupport
import Testing
import Tracing

@testable import OTLPTracing

/// The whole of it, and a receiver that decodes with OpenTelemetry's own classes and refuses what it does not know.
struct OTLPExportTests {
    private func configuration(
        _ endpoint: String, _ change: (inout ExporterConfiguration) -> Void = { _ in }
    ) -> OTLPTracingConfiguration {
        var configuration = OTLPTracingConfiguration(
            resource: TracedResource(service: "test", version: "1.0", instance: "one"))
        configuration.exporter.endpoint = endpoint
        change(&configuration.exporter)
        configuration.batchLimits.scheduleDelay = .seconds(3600)
        configuration.spanLimits.links = 2
        return configuration
    }

    /// Runs an export for the time of a body, and then stops it as a service is stopped.
    private func exporting(
        _ configuration: OTLPTracingConfiguration, _ body: @Sendable (OTLPTracer) async throws -> Void
    ) async throws {
        let tracing = OTLPTracing(configuration, logger: quietLogger)
        let running = Gate()
        let group = ServiceGroup(services: [tracing.export, Running(gate: running)], logger: quietLogger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            // A group that does not run yet cannot be stopped.
            await running.pass()
            try await body(tracing.tracer)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Tells that the group runs.
    private struct Running: Service {
        let gate: Gate

        func run() async throws {
            gate.open()
            try await gracefulShutdown()
        }
    }

    /// One of everything.
    private func record(_ tracer: OTLPTracer) {
        var remote = InstrumentationContext.topLevel
        tracer.extract(
            ["traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "tracestate": "rojo=1"],
            into: &remote, using: Fields())
        let span = tracer.startSpan(
            "POST /things", context: remote, ofKind: .server,
            at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: 1_700_000_000_000_000_001))
        span.updateAttributes {
            $0["text"] = "ä\u{1}\"\\"
            $0["empty"] = ""
            $0["false"] = false
            $0["zero"] = 0
            $0["minimum"] = Int64.min
            $0["third"] = 1.0 / 3
            $0["texts"] = ["a", ""]
            $0["numbers"] = [Int64(1), -2]
            $0["none"] = [Int64]()
        }
        span.addEvent(
            SpanEvent(
                name: "happened", at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: 1_700_000_000_000_000_002),
                attributes: ["a": 1]))
        for number in 0..<3 { span.addLink(SpanLink(context: remote, attributes: ["number": .int64(Int64(number))])) }
        span.setStatus(SpanStatus(code: .error, message: "no"))
        span.end(at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: 1_700_000_000_000_000_003))
    }

    @Test(
        "A receiver decodes what was recorded, in both encodings, compressed or not",
        arguments: [
            (ExporterConfiguration.Encoding.protobuf, ExporterConfiguration.Compression.none), (.protobuf, .gzip),
            (.json, .none), (.json, .gzip),
        ])
    func decoded(_ encoding: ExporterConfiguration.Encoding, _ compression: ExporterConfiguration.Compression)
        async throws
    {
        try await OTLPReceiver.run { receiver in
            try await exporting(
                configuration(receiver.endpoint + "/v1/traces") {
                    ($0.encoding, $0.compression) = (encoding, compression)
                }
            ) { record($0) }
            let spans = try receiver.spans()
            try #require(spans.count == 1)
            let span = spans[0]
            #expect(span.service == "test")
            #expect(span.resource.contains("service.instance.id"))
            #expect((span.name, span.kind) == ("POST /things", .server))
            #expect(span.traceId == "4bf92f3577b34da6a3ce929d0e0e4736")
            #expect(span.parentSpanId == "00f067aa0ba902b7")
            #expect(span.traceState == "rojo=1")
            #expect(span.flags == 0x301)
            #expect((span.start, span.end) == (1_700_000_000_000_000_001, 1_700_000_000_000_000_003))
            #expect(
                span.attributes == [
                    "text": "ä\u{1}\"\\", "empty": "", "false": .bool(false), "zero": 0, "minimum": .int(.min),
                    "third": .double(1.0 / 3), "texts": .array(["a", ""]), "numbers": .array([1, -2]),
                    "none": .array([]),
                ])
            #expect(span.events.map(\.name) == ["happened"])
            #expect(span.events.map(\.time) == [1_700_000_000_000_000_002])
            #expect(span.events.map(\.attributes) == [["a": 1]])
            #expect(span.links.map(\.spanId) == ["00f067aa0ba902b7", "00f067aa0ba902b7"])
            #expect(span.links.map(\.attributes) == [["number": 0], ["number": 1]])
            #expect(span.droppedLinks == 1)
            #expect((span.status, span.statusMessage) == (.error, "no"))
        }
    }

    @Test("A service stops in time without a collector, and with one that does not answer")
    func stopWithout() async throws {
        let absent = configuration("http://127.0.0.1:\(freePort())/v1/traces")
        try await within(.seconds(20)) { try await exporting(absent) { record($0) } }
        let gate = Gate()
        try await TestCollector.run(.init(gate: gate)) { _, endpoint in
            defer { gate.open() }
            try await within(.seconds(20)) { try await exporting(configuration(endpoint)) { record($0) } }
        }
    }

    @Test("A program that ends by itself sends what there is at its end, also when it fails")
    func during() async throws {
        struct Failure: Error {}
        try await TestCollector.run { collector, endpoint in
            let done = OTLPTracing(configuration(endpoint), logger: quietLogger)
            let value = try await done.export.run {
                record(done.tracer)
                return 7
            }
            #expect(value == 7)
            #expect(collector.requests.count == 1)
            let failed = OTLPTracing(configuration(endpoint), logger: quietLogger)
            await #expect(throws: Failure.self) {
                try await failed.export.run {
                    record(failed.tracer)
                    throw Failure()
                }
            }
            #expect(collector.requests.count == 2)
        }
    }

    @Test("A flush sends what there is while the service runs")
    func flush() async throws {
        try await TestCollector.run { collector, endpoint in
            try await exporting(configuration(endpoint)) { tracer in
                record(tracer)
                tracer.forceFlush()
                try await eventually("a request") { collector.requests.count == 1 }
            }
        }
    }
}
