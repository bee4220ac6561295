// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CoreMetrics
internal import Synchronization

/// A number that only grows.
final class CounterSeries: MetricSeries, CounterHandler {
    private let labels: LabelSet
    private let value = Atomic<Int64>(0)

    init(labels: LabelSet) { self.labels = labels }

    func increment(by amount: Int64) { value.wrappingAdd(amount, ordering: .relaxed) }

    func reset() { value.store(0, ordering: .relaxed) }

    func write(_ name: String, to text: inout ExpositionText) {
        text.sample(name, labels, integer: value.load(ordering: .relaxed))
    }
}
