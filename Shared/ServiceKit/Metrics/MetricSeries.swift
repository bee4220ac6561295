// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// One combination of labels of a metric.
protocol MetricSeries: AnyObject, Sendable {
    /// Appends the series' lines.
    func write(_ name: String, to text: inout ExpositionText)
}
