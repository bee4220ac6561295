// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How metrics are written down.
public enum ExpositionFormat: Sendable {
    /// Prometheus' text format 0.0.4, which everything reads.
    case text
    /// [OpenMetrics 1.0](https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md), which has
    /// units and exemplars, too.
    case openMetrics

    private static let openMetricsType = "application/openmetrics-text"

    /// The media type.
    public var contentType: String {
        switch self {
        case .text: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "\(Self.openMetricsType); version=1.0.0; charset=utf-8"
        }
    }

    /// What a client wants that sends `accept` as `Accept` (RFC 9110 §12.5.1); `text` unless it names OpenMetrics.
    init(accept: String?) {
        let members = WeightedMember.all(in: accept)
        func weight(_ value: String) -> Double? { members.filter { $0.value == value }.map(\.weight).max() }
        let wanted = members.filter { member in
            member.value == Self.openMetricsType
                && member.parameters.allSatisfy { !$0.hasPrefix("version=") || $0 == "version=1.0.0" }
        }
        let openMetrics = wanted.map(\.weight).max() ?? 0
        let text = weight("text/plain") ?? weight("text/*") ?? weight("*/*") ?? 0
        self = openMetrics > 0 && openMetrics >= text ? .openMetrics : .text
    }
}
