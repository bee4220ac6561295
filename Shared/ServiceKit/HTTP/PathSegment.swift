// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Text as one segment of a URL's path (RFC 3986 §3.3).
public enum PathSegment {
    /// Escapes everything that may not stand in a segment as it is.
    public static func encode(_ text: String) -> String {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if isAllowed(byte) {
                encoded.append(byte)
            } else {
                encoded.append(UInt8(ascii: "%"))
                encoded.append(hexDigits[Int(byte >> 4)])
                encoded.append(hexDigits[Int(byte & 0xF)])
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// Whether a byte of a segment stands for itself.
    static func isPlain(_ byte: UInt8) -> Bool { isAllowed(byte) }

    /// Resolves the escapes of a segment.
    ///
    /// - Returns: `nil` when an escape is broken or the bytes are not UTF-8.
    public static func decode(_ segment: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(segment.utf8.count)
        var iterator = segment.utf8.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

private let hexDigits = Array("0123456789ABCDEF".utf8)

private func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}

/// `pchar` of RFC 3986 §3.3.
private func isAllowed(_ byte: UInt8) -> Bool { byte < 0x80 && allowed[Int(byte)] }

private let allowed: [Bool] = {
    var table = [Bool](repeating: false, count: 0x80)
    for text in ["abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789", "-._~!$&'()*+,;=:@"] {
        for byte in text.utf8 { table[Int(byte)] = true }
    }
    return table
}()
