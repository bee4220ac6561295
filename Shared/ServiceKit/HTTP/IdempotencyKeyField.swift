// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The value of `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07).
enum IdempotencyKeyField {
    /// The longest key.
    static let maximumLength = 255

    /// Reads a value: a string in quotation marks (RFC 8941 §3.3.3), or the key as it is, which is what most clients send.
    /// Both spellings are the same key.
    ///
    /// - Returns: the key, or `nil` unless it is 1 to 255 visible ASCII characters. A key without quotation marks around
    ///   it has none within either.
    static func parse(_ value: String) -> String? {
        let bytes = Array(value.utf8)
        let key = bytes.first == quote ? unquote(bytes) : bytes.contains(quote) ? nil : bytes
        guard let key, (1...maximumLength).contains(key.count), key.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        return String(decoding: key, as: UTF8.self)
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    private static func unquote(_ bytes: [UInt8]) -> [UInt8]? {
        var text: [UInt8] = []
        var iterator = bytes.dropFirst().makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case quote:
                // Parameters and further values have no meaning here.
                return iterator.next() == nil ? text : nil
            case backslash:
                guard let escaped = iterator.next(), escaped == quote || escaped == backslash else { return nil }
                text.append(escaped)
            default:
                text.append(byte)
            }
        }
        return nil
    }
}
