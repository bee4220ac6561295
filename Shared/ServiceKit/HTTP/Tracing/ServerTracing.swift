// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Tracing

/// Starts a span for each request (semantic conventions for HTTP spans).
struct ServerTracing: Sendable {
    let tracer: any Tracer

    /// Starts the span of a request.
    ///
    /// - Parameters:
    ///   - name: its method and the template of its route.
    ///   - route: that template.
    ///   - caller: what the request says of its place in a trace.
    /// - Returns: `nil` for what is not traced: for nearly all requests where few are sampled.
    func begin(_ name: @autoclosure () -> String, route: String, caller: TraceCarrier) -> ServerSpan? {
        guard !HealthController.probes.contains(route) else { return nil }
        let span = tracer.startSpan(name(), context: caller.context(by: tracer), ofKind: .server)
        // What nobody records needs no place, unless the caller's would say that it is recorded.
        guard span.isRecording || caller.saysSampled else { return nil }
        return ServerSpan(span: span, tracer: tracer)
    }
}
