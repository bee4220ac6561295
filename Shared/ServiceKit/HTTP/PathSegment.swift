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
}

private let hexDigits = Array("0123456789ABCDEF".utf8)

/// `pchar` of RFC 3986 §3.3.
private func isAllowed(_ byte: UInt8) -> Bool { byte < 0x80 && allowed[Int(byte)] }

private let allowed: [Bool] = {
    var table = [Bool](repeating: false, count: 0x80)
    for text in ["abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789", "-._~!$&'()*+,;=:@"] {
        for byte in text.utf8 { table[Int(byte)] = true }
    }
    return table
}()
