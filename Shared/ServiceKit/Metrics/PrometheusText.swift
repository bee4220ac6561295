// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Writes the text format 0.0.4 of Prometheus.
struct PrometheusText {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(16 << 10) }

    mutating func header(name: String, help: String, type: String) {
        if !help.isEmpty {
            append("# HELP \(name) ")
            appendEscaped(help, quotes: false)
            append("\n")
        }
        append("# TYPE \(name) \(type)\n")
    }

    mutating func sample(_ name: String, _ labels: LabelSet, _ value: Double) {
        line(name, labels, nil, Self.number(value))
    }

    mutating func sample(_ name: String, _ labels: LabelSet, bound: String? = nil, integer: some BinaryInteger) {
        line(name, labels, bound, "\(integer)")
    }

    private mutating func line(_ name: String, _ labels: LabelSet, _ bound: String?, _ value: String) {
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
        append(" \(value)\n")
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
