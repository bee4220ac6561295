// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Names a span within its trace: 8 bytes, not all zero (W3C Trace Context §3.2.2.4).
struct SpanID: Hashable, Sendable, CustomStringConvertible {
    let value: UInt64

    init(value: UInt64) { self.value = value }

    /// Reads 16 hexadecimal digits; `nil` for anything else.
    init?(_ hex: String) {
        guard hex.utf8.count == 16, let value = UInt64(hex, radix: 16) else { return nil }
        self.init(value: value)
    }

    /// A new one.
    static func random(_ generator: inout some RandomNumberGenerator) -> SpanID {
        SpanID(value: .random(in: 1 ... .max, using: &generator))
    }

    /// The bytes, in the order of the digits.
    var bytes: [UInt8] { value.bigEndianBytes }

    /// 16 lower-case hexadecimal digits.
    var description: String { value.hexDigits }
}

extension UInt64 {
    var bigEndianBytes: [UInt8] { stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> $0) } }

    var hexDigits: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
