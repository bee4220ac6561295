// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CoreMetrics
internal import Synchronization

/// A number that goes up and down: the bits of a `Double` in an atomic integer.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    private let labels: LabelSet
    private let bits = Atomic<UInt64>(0)

    init(labels: LabelSet) { self.labels = labels }

    func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    func set(_ value: Int64) { set(Double(value)) }

    func increment(by amount: Double) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (exchanged, original) = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = original
        }
    }

    func decrement(by amount: Double) { increment(by: -amount) }

    func record(_ value: Double) { set(value) }

    func record(_ value: Int64) { set(value) }

    func write(_ name: String, to text: inout ExpositionText) {
        text.sample(name, labels, Double(bitPattern: bits.load(ordering: .relaxed)))
    }
}
