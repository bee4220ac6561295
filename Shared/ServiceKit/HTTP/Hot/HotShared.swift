// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import HTTPTypes
internal import Logging
internal import NIOHTTP1

/// What the ``HotRequestHandler``s of a server have in common.
struct HotShared: Sendable {
    let metrics: HTTPMetrics
    let date: DateField
    private let admission: Admission?
    private let problems: ProblemTranslator
    private let tracing: ServerTracing?
    private let logger: Logger
    private let method: HTTPRequest.Method
    private let route: String
    private let spanName: String
    /// The series of nearly all answers.
    private let usual: HTTPMetrics.Series
    private let usualStatus: Int

    init(
        route: HotRoute, metrics: HTTPMetrics, date: DateField, admission: Admission?, problems: ProblemTranslator,
        tracing: ServerTracing? = nil, logger: Logger
    ) {
        self.metrics = metrics
        self.date = date
        self.admission = admission
        self.problems = problems
        self.tracing = tracing
        self.logger = logger
        method = route.isPost ? .post : .get
        self.route = route.template
        spanName = "\(method.rawValue) \(route.template)"
        usualStatus = route.isPost ? 202 : 200
        usual = metrics.series(method: method.rawValue, route: route.template, status: usualStatus)
    }

    /// Starts the span of a request; `nil` when it is not traced.
    func beginSpan(_ traceParent: String?) -> ServerSpan? {
        tracing?.begin(spanName, route: route, caller: TraceCarrier(traceParent: traceParent))
    }

    /// Counts an answer, and ends its request's span.
    func record(_ status: Int, _ duration: Duration, _ span: ServerSpan?) {
        span?.end(method: method.rawValue, route: route, status: status)
        guard status != usualStatus else { return usual.record(duration) }
        metrics.record(method: method.rawValue, route: route, status: status, duration: duration)
    }

    /// Why a request is not let in; `nil` for one that is.
    func refusal(of head: HTTPRequestHead) -> ProblemDetails? {
        guard let admission else { return nil }
        do {
            try admission.check(ArrivingRequest(head, method: method, route: route))
            return nil
        } catch {
            return error
        }
    }

    /// The answer to a request that failed, and a line in the log if that is not the client's fault.
    func problem(for error: any Error, requestID: String) -> HotAnswer {
        var logger = logger
        logger[metadataKey: "hb.request.id"] = .string(requestID)
        problems.log(error, to: logger)
        return HotAnswer(problems.problem(for: error), requestID: requestID)
    }
}
