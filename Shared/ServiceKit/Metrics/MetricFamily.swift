// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Synchronization

/// All series of one name.
final class MetricFamily: Sendable {
    /// The types of the text formats.
    enum Kind: String {
        case counter
        case gauge
        case histogram

        /// The name of a metric without what all samples of its kind end in.
        func family(of name: String) -> String {
            self == .counter && name.hasSuffix("_total") ? String(name.dropLast("_total".count)) : name
        }

        /// Every name that belongs to a metric, whether it has a sample or not: no other may have one of them.
        func names(of name: String) -> [String] {
            let family = family(of: name)
            let suffixes =
                switch self {
                case .counter: ["_total", "_created"]
                case .gauge: [String]()
                case .histogram: ["_bucket", "_sum", "_count", "_created"]
                }
            return [family] + suffixes.map { family + $0 }
        }
    }

    private struct State {
        var series: [any MetricSeries] = []
        var places: [LabelSet: Int] = [:]
    }

    let kind: Kind
    private let state = Mutex(State())

    init(_ kind: Kind) { self.kind = kind }

    /// In the order in which they were made.
    var series: [any MetricSeries] { state.withLock { $0.series } }

    /// The series with these labels, a new one, or the one that all share beyond `limit`; `nil` when it is of another
    /// Swift type.
    func find<Value: MetricSeries>(_ labels: LabelSet, limit: Int, make: (LabelSet) -> Value) -> Value? {
        state.withLock { state in
            if let place = state.places[labels] { return state.series[place] as? Value }
            var labels = labels
            if state.series.count >= limit {
                labels = labels.overflow
                if let place = state.places[labels] { return state.series[place] as? Value }
            }
            let new = make(labels)
            state.places[labels] = state.series.count
            state.series.append(new)
            return new
        }
    }
}
