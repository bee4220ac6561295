// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit
import Histogram

/// What came of the requests so far.
struct Tally {
    private(set) var succeeded = 0
    private(set) var refused = 0
    private(set) var failed = 0
    private var latency = Latencies()
    private let start = ContinuousClock.now
    private var last = ContinuousClock.now

    /// Counts one, and how long it took whether it succeeded or not: who was refused has waited, too.
    ///
    /// - Parameter isRefused: whether what there is did not allow it.
    mutating func count(_ completion: HTTPClient.Completion, isRight: Bool, isRefused: Bool = false) {
        if isRight { succeeded += 1 } else if isRefused { refused += 1 } else { failed += 1 }
        latency.record(completion.at - completion.since)
        last = completion.at
    }

    /// Counts those that nobody answered.
    mutating func countUnanswered(_ requests: Int) { failed += requests }

    func report(visible: Latencies? = nil) -> LoadReport {
        LoadReport(
            succeeded: succeeded, refused: refused, failed: failed, in: last - start, latency: latency.percentiles,
            visible: visible?.percentiles)
    }
}

/// A distribution of times, to a thousandth of each.
struct Latencies {
    private var histogram = Histogram<UInt32>(
        highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: .three)

    /// Counts a time, up to ten minutes.
    mutating func record(_ time: Duration) {
        let microseconds = UInt64(max(0, time / .microseconds(1)))
        histogram.record(min(microseconds, 600_000_000))
    }

    var percentiles: Percentiles {
        func milliseconds(_ percentile: Double) -> Double {
            Double(histogram.valueAtPercentile(percentile)) / 1000
        }
        return Percentiles(
            p50: milliseconds(50), p90: milliseconds(90), p99: milliseconds(99), p999: milliseconds(99.9),
            max: Double(histogram.max) / 1000)
    }
}
