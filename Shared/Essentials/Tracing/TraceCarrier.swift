// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

package import Tracing

/// The fields of W3C Trace Context, in between a tracer and what carries them: requests, messages, stored events.
package struct TraceCarrier: Sendable {
    /// `traceparent`.
    package var traceParent: String?
    /// `tracestate`.
    package var traceState: String?

    /// Fields that came from somewhere.
    package init(traceParent: String?, traceState: String? = nil) {
        self.traceParent = traceParent
        self.traceState = traceState
    }

    /// The place of a span, to be sent on.
    package init(of span: any Span, by tracer: any Tracer) {
        self.init(traceParent: nil)
        tracer.inject(span.context, into: &self, using: Fields())
    }

    /// Whether what is carried is recorded.
    package var saysSampled: Bool { traceParent.map { TraceParent.saysSampled($0) } ?? false }

    /// The context of what has its parent here; one without a parent when the fields are missing or malformed.
    package func context(by tracer: any Tracer) -> InstrumentationContext {
        var context = InstrumentationContext.topLevel
        if traceParent != nil { tracer.extract(self, into: &context, using: Fields()) }
        return context
    }
}

private struct Fields: Extractor, Injector {
    func extract(key: String, from carrier: TraceCarrier) -> String? {
        switch key {
        case "traceparent": carrier.traceParent
        case "tracestate": carrier.traceState
        default: nil
        }
    }

    func inject(_ value: String, forKey key: String, into carrier: inout TraceCarrier) {
        switch key {
        case "traceparent": carrier.traceParent = value
        case "tracestate": carrier.traceState = value
        default: break
        }
    }
}
