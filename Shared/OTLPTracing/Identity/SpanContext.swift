// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Tracing

/// What of a span travels: to its children, to other processes, and into links.
struct SpanContext: Hashable, Sendable {
    let traceID: TraceID
    let spanID: SpanID
    /// Whether the span is recorded.
    let isSampled: Bool
    /// What vendors add, handed on as it came; empty for nothing.
    let state: TraceState
    /// Whether it came from another process.
    let isRemote: Bool

    /// Bits 0 to 7 are those of `traceparent`; bit 8 says that bit 9 is known, bit 9 that the context is remote
    /// (`SpanFlags` of opentelemetry/proto/trace/v1/trace.proto).
    var flags: UInt32 { (isSampled ? 1 : 0) | 0x100 | (isRemote ? 0x200 : 0) }
}

// MARK: W3C Trace Context

extension SpanContext {
    /// Reads the fields of a carrier; `nil` when there is no well-formed `traceparent`.
    init?(traceParent: String, traceState: String?) {
        guard let parent = TraceParent(traceParent), let traceID = TraceID(parent.traceID),
            let spanID = SpanID(parent.parentID)
        else { return nil }
        self.init(
            traceID: traceID, spanID: spanID, isSampled: parent.isSampled,
            state: traceState.flatMap { TraceState($0) } ?? TraceState(), isRemote: true)
    }

    /// `traceparent`.
    var traceParent: String {
        TraceParent(traceID: traceID.description, parentID: spanID.description, isSampled: isSampled).description
    }
}

// MARK: In a context

extension InstrumentationContext {
    private enum Key: InstrumentationContextKey {
        typealias Value = SpanContext
        static let nameOverride: String? = "span"
    }

    /// The span that is the parent of what is started here.
    var span: SpanContext? {
        get { self[Key.self] }
        set { self[Key.self] = newValue }
    }
}
