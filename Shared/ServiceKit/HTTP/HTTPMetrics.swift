// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HTTPTypes
internal import Metrics
internal import Synchronization

/// The metrics of an HTTP server. Labels are few by construction: known methods, route templates, status codes.
final class HTTPMetrics: Sendable {
    private struct Key: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    /// The metrics of one method, route and status.
    struct Series {
        fileprivate let requests: Counter
        fileprivate let duration: Timer

        /// Counts an answer.
        func record(_ time: Duration) {
            requests.increment()
            let (seconds, attoseconds) = time.components
            duration.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
        }
    }

    private let factory: PrometheusMetrics
    /// They are looked up here by three words rather than in the factory by label arrays.
    private let series = Mutex<[Key: Series]>([:])
    private let inFlight: Meter

    init(factory: PrometheusMetrics) {
        self.factory = factory
        inFlight = Meter(label: "http_server_requests_in_flight", factory: factory)
    }

    func requestStarted() { inFlight.increment() }

    func requestEnded() { inFlight.decrement() }

    func record(method: String, route: String, status: Int, duration: Duration) {
        series(method: method, route: route, status: status).record(duration)
    }

    func series(method: String, route: String, status: Int) -> Series {
        let key = Key(method: method, route: route, status: status)
        return series.withLock { series in
            if let known = series[key] { return known }
            let dimensions = [("method", method), ("route", route), ("status", "\(status)")]
            let new = Series(
                requests: Counter(label: "http_server_requests", dimensions: dimensions, factory: factory),
                // One histogram has many lines: the status stays out of its labels.
                duration: Timer(
                    label: "http_server_request_duration", dimensions: Array(dimensions.prefix(2)), factory: factory))
            series[key] = new
            return new
        }
    }

    func connectionFailed(status: Int) {
        Counter(
            label: "http_server_failed_connections", dimensions: [("status", "\(status)")], factory: factory
        ).increment()
    }

    /// The method as a label: clients can invent methods, and must not invent metrics.
    static func name(of method: HTTPRequest.Method) -> String {
        switch method {
        case .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect: method.rawValue
        default: "OTHER"
        }
    }
}
