// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials
internal import Tracing

/// Traces a fill: a span for each page of events, in the trace of whoever fills.
///
/// Where the events began is in other traces, long over: the span has links to them, as many as a span may have.
struct FillTracing: Sendable {
    private let tracer: any Tracer
    private let name: String

    init(tracer: any Tracer, readModel: String) {
        self.tracer = tracer
        name = "process \(readModel)"
    }

    /// Does something with a page of events.
    func tracing(_ page: [RecordedEvent], _ body: () async throws -> Void) async throws {
        let span = tracer.startSpan(name, ofKind: .consumer)
        defer { span.end() }
        if span.isRecording {
            span.attributes["cqrs.events"] = page.count
            span.link(to: page.lazy.map(\.metadata.traceparent), by: tracer)
        }
        // A failure is tried again.
        try await InstrumentationContext.withValue(span.context) { try await body() }
    }
}
