// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Metrics

/// The metrics of a relay.
struct RelayMetrics: Sendable {
    private let backlog = Gauge(label: "cqrs_relay_backlog_events")
    private let setAside = Gauge(label: "cqrs_relay_set_aside_events")
    private let age = Gauge(label: "cqrs_relay_backlog_age_seconds")
    private let circuit = Gauge(label: "cqrs_relay_circuit_open")
    private let published = Counter(label: "cqrs_relay_published")
    private let failed = Counter(label: "cqrs_relay_publish_failures")
    private let takeovers = Counter(label: "cqrs_relay_takeovers")

    /// Reports the present state.
    func report(backlog count: Int, setAside setAsideCount: Int, oldest: Timestamp?, isCircuitOpen: Bool) {
        backlog.record(count)
        setAside.record(setAsideCount)
        age.record(oldest.map { max(0, Timestamp.now().since($0) / .seconds(1)) } ?? 0)
        circuit.record(isCircuitOpen ? 1 : 0)
    }

    /// Counts a batch.
    func count(published count: Int, failed failures: Int) {
        if count > 0 { published.increment(by: count) }
        if failures > 0 { failed.increment(by: failures) }
    }

    /// Counts a writer that was taken over.
    func countTakeover() { takeovers.increment() }
}
