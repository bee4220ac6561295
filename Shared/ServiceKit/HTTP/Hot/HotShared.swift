// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Logging

/// What the ``HotRequestHandler``s of a server have in common.
struct HotShared: Sendable {
    let metrics: HTTPMetrics
    let date = DateField()
    private let problems: ProblemTranslator
    private let logger: Logger
    private let method: String
    private let route: String
    /// The series of nearly all answers.
    private let usual: HTTPMetrics.Series
    private let usualStatus: Int

    init(route: HotRoute, metrics: HTTPMetrics, problems: ProblemTranslator, logger: Logger) {
        self.metrics = metrics
        self.problems = problems
        self.logger = logger
        method = route.isPost ? "POST" : "GET"
        self.route = route.template
        usualStatus = route.isPost ? 202 : 200
        usual = metrics.series(method: method, route: route.template, status: usualStatus)
    }

    /// Counts an answer.
    func record(_ status: Int, _ duration: Duration) {
        guard status != usualStatus else { return usual.record(duration) }
        metrics.record(method: method, route: route, status: status, duration: duration)
    }

    /// The answer to a request that failed, and a line in the log if that is not the client's fault.
    func problem(for error: any Error, requestID: String) -> HotAnswer {
        var logger = logger
        logger[metadataKey: "hb.request.id"] = .string(requestID)
        problems.log(error, to: logger)
        return HotAnswer(problems.problem(for: error), requestID: requestID)
    }
}
