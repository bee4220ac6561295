// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing
import Tracing

@testable import OTLPTracing

struct SpanTests {
    private func limits(_ change: (inout SpanLimits) -> Void) -> SpanLimits {
        var limits = SpanLimits()
        change(&limits)
        return limits
    }

    @Test("A span that is not sampled records nothing and is not exported")
    func unsampled() throws {
        let recorder = Recorder(try #require(Sampler("always_off", ratio: 1)))
        let recorded = recorder.recorded { span in
            #expect(!span.isRecording)
            span.attributes["a"] = 1
            #expect(span.attributes.isEmpty)
        }
        #expect(recorded == nil)
    }

    @Test("A child is told from its parent, and knows it")
    func parent() throws {
        let recorder = Recorder()
        let outer = recorder.tracer.startSpan("outer", context: .topLevel, ofKind: .server)
        recorder.tracer.startSpan("inner", context: outer.context, ofKind: .client).end()
        outer.end()
        let spans = recorder.queue.take()
        try #require(spans.map(\.name) == ["inner", "outer"])
        #expect(spans[0].parent == spans[1].context)
        #expect(spans[0].context.traceID == spans[1].context.traceID)
        #expect(spans[0].context.spanID != spans[1].context.spanID)
        #expect(spans[1].parent == nil)
    }

    @Test("Attributes beyond the limit are dropped and counted, and those that were there stay")
    func attributes() throws {
        let recorded = Recorder(limits: limits { $0.attributes = 2 }).recorded { span in
            span.attributes["z"] = 1
            span.attributes["y"] = 2
            span.attributes["a"] = 3
            span.attributes["z"] = 4
        }
        let span = try #require(recorded)
        #expect(span.attributes.values == ["z": 4, "y": 2])
        #expect(span.attributes.droppedCount == 1)
    }

    @Test("Texts are cut to the limit, in arrays, too")
    func lengths() throws {
        let recorded = Recorder(limits: limits { $0.attributeValueLength = 3 }).recorded { span in
            span.attributes["text"] = "äöüß"
            span.attributes["texts"] = ["long text", "no"]
            span.attributes["number"] = 12345
        }
        #expect(
            try #require(recorded).attributes.values
                == ["text": "äöü", "texts": .stringArray(["lon", "no"]), "number": 12345])
    }

    @Test("Events and links beyond the limit are dropped and counted")
    func eventsAndLinks() throws {
        let recorder = Recorder(
            limits: limits {
                ($0.events, $0.links, $0.eventAttributes, $0.linkAttributes) = (1, 1, 1, 0)
            })
        let other = recorder.tracer.startSpan("other", context: .topLevel).context
        let recorded = recorder.recorded { span in
            for name in ["first", "second"] { span.addEvent(SpanEvent(name: name, attributes: ["a": 1, "b": 2])) }
            for _ in 0..<3 { span.addLink(SpanLink(context: other, attributes: ["a": 1])) }
        }
        let span = try #require(recorded)
        #expect(span.events.map(\.name) == ["first"])
        #expect(span.events.first?.attributes.droppedCount == 1)
        #expect(span.droppedEvents == 1)
        #expect(span.links.first?.context == other.span)
        #expect(span.links.first?.attributes.droppedCount == 1)
        #expect(span.droppedLinks == 2)
    }

    @Test("What comes after the end is ignored, and the span is exported once")
    func ended() throws {
        let recorder = Recorder()
        let span = recorder.tracer.startSpan("span", context: .topLevel)
        span.end()
        span.attributes["late"] = true
        span.operationName = "late"
        span.end()
        #expect(!span.isRecording)
        let spans = recorder.queue.take()
        #expect(spans.map(\.name) == ["span"])
        #expect(spans.first?.attributes.values.isEmpty == true)
    }

    @Test("Success is final")
    func status() throws {
        let recorded = Recorder().recorded { span in
            span.setStatus(SpanStatus(code: .error))
            span.setStatus(SpanStatus(code: .ok))
            span.setStatus(SpanStatus(code: .error))
        }
        #expect(try #require(recorded).status?.code == .ok)
    }

    @Test("An error is recorded by its type, never by its text")
    func error() throws {
        struct Failure: Error, CustomStringConvertible { let description = "ada@computing.org" }
        let recorded = Recorder().recorded { $0.recordError(Failure()) }
        let event = try #require(recorded?.events.first)
        #expect(event.name == "exception")
        #expect(event.attributes.values.count == 1)
        #expect(!"\(event)".contains("ada"))
    }

    @Test("A clock that was set back makes no span that ends before it starts")
    func clock() {
        let recorder = Recorder()
        let span = recorder.tracer.startSpan(
            "span", context: .topLevel, at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: 10))
        span.end(at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: 5))
        #expect(recorder.queue.take().first?.end == 10)
    }
}
