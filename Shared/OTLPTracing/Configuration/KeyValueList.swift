// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// `key1=value1,key2=value2` with values percent-encoded: the form of `OTEL_RESOURCE_ATTRIBUTES` and
/// `OTEL_EXPORTER_OTLP_HEADERS`, which is that of W3C Baggage without properties.
enum KeyValueList {
    /// Reads a list, in its order; `nil` when it is not one.
    static func parse(_ text: String) -> [(key: String, value: String)]? {
        var pairs: [(key: String, value: String)] = []
        for part in text.split(separator: ",") where !part.trimmingSpaces().isEmpty {
            guard let equals = part.firstIndex(of: "=") else { return nil }
            let key = part[..<equals].trimmingSpaces()
            guard !key.isEmpty, let name = PercentEncoding.decode(key),
                let value = PercentEncoding.decode(part[part.index(after: equals)...].trimmingSpaces())
            else { return nil }
            pairs.append((name, value))
        }
        return pairs
    }
}
