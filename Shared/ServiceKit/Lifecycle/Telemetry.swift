// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Logging
internal import Metrics

/// Where a process's logs and metrics go.
public struct Telemetry: Sendable {
    /// What `/metrics` renders.
    public let metrics: PrometheusMetrics

    /// Telemetry that belongs to nobody else, for tests.
    public init(metrics: PrometheusMetrics) { self.metrics = metrics }

    /// Makes this the telemetry of the whole process. Call it once, in `main`.
    ///
    /// - Parameter traceID: says which trace a value is recorded in, see ``PrometheusMetrics``; `nil` where nothing is traced.
    public static func bootstrap(
        _ log: LogConfiguration, traceID: (@Sendable () -> String?)? = nil
    ) -> Telemetry {
        log.bootstrap()
        let metrics = PrometheusMetrics(traceID: traceID)
        MetricsSystem.bootstrap(metrics)
        return Telemetry(metrics: metrics)
    }

    /// A logger for one part of the process.
    public func logger(for part: String) -> Logger { Logger(label: part) }
}
