// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

package import Tracing

extension Tracer {
    /// Starts the span of something that is done for several others together, each of them with a trace of its own.
    ///
    /// It is in the trace of the first of those that are recorded. When there are several it has a link to each.
    ///
    /// - Parameter origins: their `traceparent`s, where they have one.
    /// - Returns: `nil` when none of them is recorded: then this is not, either.
    package func startSpan(
        _ name: String, ofKind kind: SpanKind, from origins: some Sequence<String?>
    ) -> (any Tracing.Span)? {
        var contexts: [InstrumentationContext] = []
        for case let origin? in origins where TraceParent.saysSampled(origin) {
            contexts.append(TraceCarrier(traceParent: origin).context(by: self))
        }
        guard let first = contexts.first else { return nil }
        let span = startSpan(name, context: first, ofKind: kind)
        guard span.isRecording else { return nil }
        if contexts.count > 1 {
            for context in contexts { span.addLink(SpanLink(context: context, attributes: [:])) }
        }
        return span
    }
}

extension Tracing.Span {
    /// Adds a link to each place where something began that this has to do with, if that is recorded.
    ///
    /// - Parameter origins: their `traceparent`s, where they have one.
    package func link(to origins: some Sequence<String?>, by tracer: any Tracer) {
        for case let origin? in origins where TraceParent.saysSampled(origin) {
            addLink(SpanLink(context: TraceCarrier(traceParent: origin).context(by: tracer), attributes: [:]))
        }
    }

    /// Says that it has failed, and will not be tried again.
    ///
    /// - Parameter type: what kind of failure, of few: the attribute `error.type`.
    package func fail(_ type: String) {
        attributes["error.type"] = type
        setStatus(SpanStatus(code: .error))
    }
}
