// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// `key1=value1,key2=value2` with values percent-encoded: the form of `OTEL_RESOURCE_ATTRIBUTES` and
/// `OTEL_EXPORTER_OTLP_HEADERS`, which is that of W3C Baggage without properties.
enum KeyValueList {
    /// Reads a list, in its order; `nil` when it is not one.
    static func parse(_ text: String) -> [(key: String, value: String)]? {
        var pairs: [(key: String, value: String)] = []
        for part in text.split(separator: ",") where !part.trimmingSpaces().isEmpty {
            guard let equals = part.firstIndex(of: "=") else { return nil }
            let key = part[..<equals].trimmingSpaces()
            guard !key.isEmpty, let name = decode(key),
                let value = decode(part[part.index(after: equals)...].trimmingSpaces())
            else { return nil }
            pairs.append((name, value))
        }
        return pairs
    }

    /// Percent-decoding (RFC 3986 §2.1).
    private static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, !digits.contains(UInt8(ascii: "+")), !digits.contains(UInt8(ascii: "-")),
                let decoded = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(decoded)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
