// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Metrics

/// Shows a service's readiness, as `/ready` would say it.
struct HealthMetrics {
    let factory: PrometheusMetrics

    /// Takes in what was just found out.
    func record(_ report: HealthReport) {
        Gauge(label: "service_ready", factory: factory).record(report.isReady ? 1 : 0)
        for dependency in report.dependencies {
            Gauge(
                label: "service_dependency_ready",
                dimensions: [
                    ("dependency", dependency.name), ("required", dependency.kind == .required ? "true" : "false"),
                ], factory: factory
            ).record(dependency.readiness == .ready ? 1 : 0)
        }
    }
}
