// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How many of the traces are recorded.
enum TracedShare: String, CaseIterable {
    case none
    case onePercent = "1 %"
    case all = "100 %"

    /// The services' settings for it.
    ///
    /// - Parameter port: where somebody takes spans.
    func settings(_ port: Int) -> [String: String] {
        guard self != .none else { return [:] }
        return [
            "OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(port)",
            "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
            "OTEL_TRACES_SAMPLER_ARG": self == .all ? "1" : "0.01",
        ]
    }
}
