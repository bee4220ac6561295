// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Tracing

/// The span of a request.
struct ServerSpan: Sendable {
    fileprivate let span: any Span
    private let tracer: any Tracer
    /// The request's place in its trace, recorded or not.
    let place: TraceParent?

    init(span: any Span, tracer: any Tracer) {
        self.span = span
        self.tracer = tracer
        place = TraceCarrier(of: span, by: tracer).traceParent.flatMap { TraceParent($0) }
    }

    /// Whether anything is recorded of it.
    var isRecording: Bool { span.isRecording }

    /// Adds what the request has to do with.
    ///
    /// - Parameter origin: its `traceparent`.
    func link(to origin: String) {
        span.link(to: CollectionOfOne(origin), by: tracer)
    }

    /// Does a part of what the request needs, in a span of its own. An error that it throws is its failure.
    ///
    /// - Parameters:
    ///   - name: of few different ones.
    ///   - failure: what went wrong in spite of a value; `nil` if nothing did.
    func inPart<Value>(
        _ name: String, _ attributes: [String: String], failure: (Value) -> (any Error)?,
        _ body: () async throws -> Value
    ) async rethrows -> Value {
        let part = tracer.startSpan(name, context: span.context, ofKind: .internal)
        defer { part.end() }
        part.updateAttributes { all in
            for (key, value) in attributes { all[key] = value }
        }
        do {
            let value = try await InstrumentationContext.withValue(part.context) { try await body() }
            if let failure = failure(value) { part.fail(String(describing: type(of: failure))) }
            return value
        } catch {
            part.fail(String(describing: type(of: error)))
            throw error
        }
    }

    /// Ends it with the head of the answer.
    ///
    /// There is no `url.path`, which the conventions want: a path may hold an e-mail address.
    func end(method: String, route: String, status: Int) {
        if span.isRecording {
            span.updateAttributes { attributes in
                attributes["http.request.method"] = method
                attributes["http.route"] = route
                attributes["http.response.status_code"] = status
                attributes["url.scheme"] = "http"
            }
            // What is the client's fault is no failure of the server's.
            if status >= 500 { span.fail("\(status)") }
        }
        span.end()
    }
}

extension ServerSpan? {
    /// Does something within the request's trace, if that is recorded: what is measured there has it as its exemplar.
    func within(_ body: () -> Void) {
        guard let self, self.isRecording else { return body() }
        InstrumentationContext.withValue(self.span.context, operation: body)
    }
}
