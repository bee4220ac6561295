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
    let limiter: RateLimiter?
    /// Header fields that all answers have, as they are sent.
    let usualFields: String
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
        route: HotRoute, metrics: HTTPMetrics, date: DateField, limiter: RateLimiter? = nil,
        crossOrigin: CrossOriginPolicy? = nil, admission: Admission?, problems: ProblemTranslator,
        tracing: ServerTracing? = nil, logger: Logger
    ) {
        self.metrics = metrics
        self.date = date
        self.limiter = limiter
        var fields = crossOrigin?.fields(for: nil) ?? [:]
        fields[.rateLimitPolicy] = limiter?.limit.policy
        usualFields = fields.map { "\($0.name.rawName): \($0.value)\r\n" }.joined()
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
    func beginSpan(_ caller: TraceCarrier) -> ServerSpan? {
        tracing?.begin(spanName, route: route, caller: caller)
    }

    /// Counts an answer, and ends its request's span.
    func record(_ status: Int, _ duration: Duration, _ span: ServerSpan?) {
        span.within {
            guard status != usualStatus else { return usual.record(duration) }
            metrics.record(method: method.rawValue, route: route, status: status, duration: duration)
        }
        span?.end(method: method.rawValue, route: route, status: status)
    }

    /// Whose tokens a request takes; `nil` when there is no limit.
    func client(of head: HTTPRequestHead, at peer: @autoclosure () -> IPAddress?) -> IPAddress? {
        guard let limiter, let peer = peer() else { return nil }
        return limiter.client(at: peer, arriving(head))
    }

    private func arriving(_ head: HTTPRequestHead) -> ArrivingRequest {
        ArrivingRequest(head, method: method, route: route)
    }

    /// Why a request is not let in; `nil` for one that is.
    func refusal(of head: HTTPRequestHead, _ verdict: RateLimitVerdict?) -> ProblemDetails? {
        if verdict == .refused { return limiter?.problem }
        guard let admission else { return nil }
        do {
            try admission.check(arriving(head))
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
