// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Bytes as hexadecimal digits.
package enum Hex {
    /// Two digits for each byte.
    package static func digits(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes { text += (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        return text
    }

    /// Lines of 16 bytes, each with the place of its first.
    package static func lines(_ bytes: [UInt8]) -> [String] {
        stride(from: 0, to: bytes.count, by: 16).map { start in
            let place = String(start, radix: 16)
            let row = bytes[start..<min(start + 16, bytes.count)]
            return String(repeating: "0", count: max(0, 6 - place.count)) + place + "  "
                + row.map { digits([$0]) }.joined(separator: " ")
        }
    }
}
