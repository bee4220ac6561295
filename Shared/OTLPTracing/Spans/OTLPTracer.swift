// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Tracing

/// Starts spans whose recordings are exported by an ``OTLPExport``, and carries their place in the trace from process to
/// process by W3C Trace Context.
public struct OTLPTracer: Tracer {
    private static let traceParent = "traceparent"
    private static let traceState = "tracestate"

    private let sampler: Sampler
    private let limits: SpanLimits
    private let queue: SpanQueue
    private let identifiers = IdentifierSource()

    init(sampler: Sampler, limits: SpanLimits, queue: SpanQueue) {
        self.sampler = sampler
        self.limits = limits
        self.queue = queue
    }

    /// Starts a span.
    ///
    /// - Parameters:
    ///   - operationName: its name, of few different ones.
    ///   - context: has the parent; a trace begins without one.
    ///   - kind: what it is to its parent and children.
    ///   - instant: when it starts. Asked for only when the span is recorded.
    public func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> InstrumentationContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> OTLPSpan {
        var context = context()
        let parent = context.span
        let (traceID, spanID) = identifiers.next(in: parent?.traceID)
        let own = SpanContext(
            traceID: traceID, spanID: spanID, isSampled: sampler.samples(traceID, parent: parent),
            state: parent?.state ?? TraceState(), isRemote: false)
        context.span = own
        guard own.isSampled else { return OTLPSpan(context: context, recording: nil) }
        let start = instant().nanosecondsSinceEpoch
        let data = SpanData(name: operationName, kind: kind, context: own, parent: parent, start: start, end: start)
        return OTLPSpan(context: context, recording: SpanRecording(data, limits: limits, queue: queue))
    }

    /// Takes the place in the trace from the fields `traceparent` and `tracestate`. Ones that are not well-formed are
    /// as good as none.
    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let parent = extractor.extract(key: Self.traceParent, from: carrier),
            let span = SpanContext(
                traceParent: parent, traceState: extractor.extract(key: Self.traceState, from: carrier))
        else { return }
        context.span = span
    }

    /// Writes the place in the trace to the field `traceparent`, and `tracestate` if there is one.
    public func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let span = context.span else { return }
        injector.inject(span.traceParent, forKey: Self.traceParent, into: &carrier)
        if !span.state.text.isEmpty { injector.inject(span.state.text, forKey: Self.traceState, into: &carrier) }
    }

    /// Has what is recorded exported without waiting for more. Returns at once.
    public func forceFlush() { queue.flush() }
}
