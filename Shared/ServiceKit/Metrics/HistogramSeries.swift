// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CoreMetrics
internal import Essentials
internal import Synchronization

/// Counts of values by fixed upper bounds.
final class HistogramSeries: MetricSeries, TimerHandler, RecorderHandler {
    /// For times in seconds: a fast answer takes half a millisecond, a slow one ten seconds; an event that has waited for
    /// a broker or database to come back is late by minutes or hours.
    static let secondsBounds = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200,
    ]
    /// For everything else, such as batch sizes.
    static let countBounds: [Double] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 100_000]

    private struct State {
        /// One for each bound, and one for what is beyond the last; not cumulative.
        var counts: [UInt64]
        var sum = 0.0
        /// The last one in each bucket; empty until there is one.
        var exemplars: [Exemplar?] = []
    }

    private let labels: LabelSet
    private let bounds: [Double]
    private let traceID: (@Sendable () -> String?)?
    private let state: Mutex<State>

    /// - Parameter traceID: the trace in which a value is recorded, if there is one that somebody keeps.
    init(labels: LabelSet, bounds: [Double], traceID: (@Sendable () -> String?)?) {
        self.labels = labels
        self.bounds = bounds
        self.traceID = traceID
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        let exemplar = traceID?().map { Exemplar(traceID: $0, value: value, time: .now()) }
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
            guard let exemplar else { return }
            if state.exemplars.isEmpty { state.exemplars = Array(repeating: nil, count: state.counts.count) }
            state.exemplars[bucket] = exemplar
        }
    }

    func record(_ value: Int64) { record(Double(value)) }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func write(_ name: String, to text: inout ExpositionText) {
        let state = state.withLock { $0 }
        var total: UInt64 = 0
        for (index, count) in state.counts.enumerated() {
            total += count
            text.bucket(
                name + "_bucket", labels, bound: index < bounds.count ? bounds[index] : .infinity, count: total,
                state.exemplars.isEmpty ? nil : state.exemplars[index])
        }
        text.sample(name + "_sum", labels, state.sum)
        text.sample(name + "_count", labels, integer: total)
    }
}
