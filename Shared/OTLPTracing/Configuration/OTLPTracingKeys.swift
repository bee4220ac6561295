// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Configuration

/// Reads settings of the kinds that the OpenTelemetry specification has. An absent one is `nil`.
struct OTLPTracingKeys {
    let reader: ConfigReader

    func text(_ key: String, isSecret: Bool = false) -> String? {
        guard let text = reader.string(forKey: ConfigKey(key), isSecret: isSecret), !text.isEmpty else { return nil }
        return text
    }

    /// A boolean of the specification ("Boolean value"): in any case.
    func flag(_ key: String) throws(OTLPTracingError) -> Bool {
        switch text(key)?.lowercased() {
        case nil, "false": return false
        case "true": return true
        default: throw OTLPTracingError(key: key, problem: "must be true or false")
        }
    }

    func choice(_ key: String, of words: [String]) throws(OTLPTracingError) -> String? {
        guard let text = text(key)?.lowercased() else { return nil }
        guard words.contains(text) else {
            throw OTLPTracingError(key: key, problem: "must be one of " + words.joined(separator: ", "))
        }
        return text
    }

    func integer(_ key: String, _ range: ClosedRange<Int>) throws(OTLPTracingError) -> Int? {
        guard let text = text(key) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw OTLPTracingError(
                key: key, problem: "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func milliseconds(_ key: String) throws(OTLPTracingError) -> Duration? {
        try integer(key, 1...3_600_000).map { .milliseconds($0) }
    }

    func ratio(_ key: String) throws(OTLPTracingError) -> Double? {
        guard let text = text(key) else { return nil }
        guard let value = Double(text), (0...1).contains(value) else {
            throw OTLPTracingError(key: key, problem: "must be a number from 0 to 1")
        }
        return value
    }

    func list(_ key: String, isSecret: Bool = false) throws(OTLPTracingError) -> [(key: String, value: String)] {
        guard let text = text(key, isSecret: isSecret) else { return [] }
        guard let list = KeyValueList.parse(text) else {
            throw OTLPTracingError(key: key, problem: "must be key=value pairs with commas between, percent-encoded")
        }
        return list
    }

    /// Header fields, whose names are tokens (RFC 9110 §5.6.2) and whose values are printable ASCII.
    func headers(_ key: String) throws(OTLPTracingError) -> [(key: String, value: String)]? {
        let fields = try list(key, isSecret: true)
        let marks = "!#$%&'*+-.^_`|~"
        for (name, value) in fields {
            let isToken = name.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
                    || marks.unicodeScalars.contains($0)
            }
            guard isToken, value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
                throw OTLPTracingError(key: key, problem: "has a header field that HTTP does not allow")
            }
        }
        return fields.isEmpty ? nil : fields
    }

    /// An address of HTTP.
    func url(_ key: String) throws(OTLPTracingError) -> String? {
        guard let text = text(key) else { return nil }
        let rest = ["http://", "https://"].first { text.lowercased().hasPrefix($0) }.map { text.dropFirst($0.count) }
        guard let rest, let first = rest.first, !"/?#:".contains(first),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw OTLPTracingError(key: key, problem: "must be an http:// or https:// URL") }
        return text
    }

    /// What is read from a file.
    func file<Value>(_ key: String, _ read: (String) throws -> Value) throws(OTLPTracingError) -> Value? {
        guard let path = text(key) else { return nil }
        do {
            return try read(path)
        } catch {
            throw OTLPTracingError(key: key, problem: "must be a file in PEM format that can be read")
        }
    }
}
