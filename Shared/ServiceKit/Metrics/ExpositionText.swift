// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Writes metrics in one of the formats.
struct ExpositionText {
    /// The base units that the names end in (OpenMetrics, "Unit").
    private static let units = ["seconds", "bytes"]

    let format: ExpositionFormat
    private(set) var bytes: [UInt8] = []

    init(_ format: ExpositionFormat) {
        self.format = format
        bytes.reserveCapacity(16 << 10)
    }

    /// Begins a metric.
    ///
    /// - Parameters:
    ///   - name: the full name, that of a counter with its `_total`.
    ///   - help: what it is about; may be empty.
    mutating func header(name: String, help: String, kind: MetricFamily.Kind) {
        // OpenMetrics calls a counter's family by the name without the suffix of its sample.
        let family = format == .openMetrics ? kind.family(of: name) : name
        if !help.isEmpty {
            append("# HELP \(family) ")
            appendEscaped(help, quotes: format == .openMetrics)
            append("\n")
        }
        append("# TYPE \(family) \(kind.rawValue)\n")
        guard format == .openMetrics, let unit = Self.units.first(where: { family.hasSuffix("_\($0)") }) else { return }
        append("# UNIT \(family) \(unit)\n")
    }

    /// Ends the text.
    mutating func end() { if format == .openMetrics { append("# EOF\n") } }

    mutating func sample(_ name: String, _ labels: LabelSet, _ value: Double) {
        line(name, labels, nil, Self.number(value))
    }

    mutating func sample(_ name: String, _ labels: LabelSet, integer: some BinaryInteger) {
        line(name, labels, nil, "\(integer)")
    }

    /// A bucket of a histogram.
    mutating func bucket(_ name: String, _ labels: LabelSet, bound: Double, count: UInt64, _ exemplar: Exemplar?) {
        // "1.0" in OpenMetrics ("Numbers": exposers should use the canonical form), "1" in the older format, where a
        // change of the text would begin other series.
        let bound = format == .openMetrics && bound.isFinite ? "\(bound)" : Self.number(bound)
        line(name, labels, bound, "\(count)", exemplar)
    }

    private mutating func line(
        _ name: String, _ labels: LabelSet, _ bound: String?, _ value: String, _ exemplar: Exemplar? = nil
    ) {
        append(name)
        if !labels.labels.isEmpty || bound != nil {
            append("{")
            for (index, label) in labels.labels.enumerated() {
                append(index > 0 ? ",\(label.name)=\"" : "\(label.name)=\"")
                appendEscaped(label.value, quotes: true)
                append("\"")
            }
            if let bound { append(labels.labels.isEmpty ? "le=\"\(bound)\"" : ",le=\"\(bound)\"") }
            append("}")
        }
        append(" \(value)")
        if let exemplar, format == .openMetrics {
            append(" # {trace_id=\"")
            appendEscaped(exemplar.traceID, quotes: true)
            append("\"} \(Self.number(exemplar.value)) ")
            append(Self.number(exemplar.secondsSinceEpoch))
        }
        append("\n")
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func appendEscaped(_ text: String, quotes: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append("\\\\")
            case UInt8(ascii: "\n"): append("\\n")
            case UInt8(ascii: "\"") where quotes: append("\\\"")
            default: bytes.append(byte)
            }
        }
    }

    // MARK: Names and numbers

    /// A number as the format wants it.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    /// Replaces whatever `[a-zA-Z_:][a-zA-Z0-9_:]*` does not allow.
    static func metricName(_ text: String) -> String { valid(text, colon: true) }

    /// Replaces whatever `[a-zA-Z_][a-zA-Z0-9_]*` does not allow; `le` and leading `__` belong to Prometheus.
    static func labelName(_ text: String) -> String {
        let name = valid(text, colon: false)
        return name == "le" || name.hasPrefix("__") ? "label_" + name : name
    }

    private static func valid(_ text: String, colon: Bool) -> String {
        var name = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "_": name.unicodeScalars.append(scalar)
            case ":" where colon: name.unicodeScalars.append(scalar)
            case "0"..."9":
                if name.isEmpty { name = "_" }
                name.unicodeScalars.append(scalar)
            default: name += "_"
            }
        }
        return name.isEmpty ? "_" : name
    }
}
