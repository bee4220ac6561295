// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Metrics

/// What becomes of spans that have ended.
struct ExportMetrics: Sendable {
    /// Why a span is not exported.
    enum Loss: String, CaseIterable {
        /// As many wait as may.
        case queueFull = "queue_full"
        /// The collector did not take it in time.
        case unavailable
        /// The collector refused it.
        case refused
    }

    private let exported = Counter(label: "otlp_spans_exported")
    private let losses = Dictionary(
        uniqueKeysWithValues: Loss.allCases.map {
            ($0, Counter(label: "otlp_spans_dropped", dimensions: [("reason", $0.rawValue)]))
        })

    func exported(_ count: Int) { exported.increment(by: count) }

    func dropped(_ count: Int, _ loss: Loss) { losses[loss]?.increment(by: count) }
}
