// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing
import Tracing

@testable import OTLPTracing

struct TraceContextTests {
    private let tracer = Recorder().tracer
    private let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    private func extract(_ fields: [String: String]) -> InstrumentationContext {
        var context = InstrumentationContext.topLevel
        tracer.extract(fields, into: &context, using: Fields())
        return context
    }

    private func inject(_ context: InstrumentationContext) -> [String: String] {
        var fields: [String: String] = [:]
        tracer.inject(context, into: &fields, using: Fields())
        return fields
    }

    @Test("What was extracted is injected unchanged")
    func roundTrip() {
        let fields = ["traceparent": parent, "tracestate": "congo=t61rcWkgMzE,rojo@v=00f067aa"]
        #expect(inject(extract(fields)) == fields)
    }

    @Test("A child has the trace, the decision and the state of its parent, and an identifier of its own")
    func child() throws {
        let context = extract(["traceparent": parent, "tracestate": "rojo=1"])
        let fields = inject(tracer.startSpan("child", context: context).context)
        let parts = try #require(fields["traceparent"]).split(separator: "-")
        #expect(parts[1] == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(parts[2] != "00f067aa0ba902b7")
        #expect(parts[3] == "01")
        #expect(fields["tracestate"] == "rojo=1")
    }

    @Test("A trace that is not recorded is handed on as such")
    func unsampled() throws {
        let context = extract(["traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"])
        let span = tracer.startSpan("child", context: context)
        #expect(!span.isRecording)
        #expect(try #require(inject(span.context)["traceparent"]).hasSuffix("-00"))
    }

    @Test(
        "A traceparent that is not well-formed begins a new trace",
        arguments: [
            "", "00", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        ])
    func malformed(_ text: String) { #expect(inject(extract(["traceparent": text])) == [:]) }

    @Test(
        "A tracestate that is not well-formed is dropped, and the traceparent kept",
        arguments: [
            "no-value", "UPPER=1", "a=1,a=2", "a=x=y", "a=",
            (0..<33).map { "k\($0)=1" }.joined(separator: ","),
        ])
    func malformedState(_ text: String) {
        #expect(inject(extract(["traceparent": parent, "tracestate": text])) == ["traceparent": parent])
    }

    @Test("Without a span there is nothing to inject")
    func nothing() { #expect(inject(.topLevel) == [:]) }
}
