// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Tracing

/// A span. One that is not recorded has its place in the trace and takes nothing: ask ``isRecording`` before making
/// attributes for it.
public struct OTLPSpan: Span {
    /// The context of what happens within the span.
    public let context: InstrumentationContext
    let recording: SpanRecording?

    /// Whether it is recorded and has not ended.
    public var isRecording: Bool { recording?.isOpen ?? false }

    /// The span's name; empty for one that is not recorded.
    public var operationName: String {
        get { recording?.name ?? "" }
        nonmutating set { recording?.name = newValue }
    }

    /// The attributes recorded so far, within the limits.
    public var attributes: SpanAttributes {
        get { recording?.attributes ?? [:] }
        nonmutating set { recording?.attributes = newValue }
    }

    /// Says how it went. Success is final.
    public func setStatus(_ status: SpanStatus) { recording?.set(status) }

    /// Adds something that happened during the span.
    public func addEvent(_ event: SpanEvent) { recording?.add(event) }

    /// Adds a span that this one has to do with. It must be one of this tracer, or extracted by it.
    public func addLink(_ link: SpanLink) { recording?.add(link) }

    /// Adds the event `exception` with the error's type, and never its text, which may hold personal data.
    public func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        guard let recording else { return }
        var attributes = attributes
        attributes["exception.type"] = String(reflecting: type(of: error))
        recording.add(SpanEvent(name: "exception", at: instant(), attributes: attributes))
    }

    /// Ends the span. Only the first end counts; what comes later is ignored.
    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        recording?.end(at: instant().nanosecondsSinceEpoch)
    }
}
