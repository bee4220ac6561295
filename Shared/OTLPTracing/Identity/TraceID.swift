// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Names a trace: 16 bytes, not all zero (W3C Trace Context §3.2.2.3).
struct TraceID: Hashable, Sendable, CustomStringConvertible {
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads 32 hexadecimal digits; `nil` for anything else.
    init?(_ hex: String) {
        guard hex.utf8.count == 32, let high = UInt64(hex.prefix(16), radix: 16),
            let low = UInt64(hex.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    /// A new one. Its lower half alone decides about sampling by ratio, and is random throughout.
    static func random(_ generator: inout some RandomNumberGenerator) -> TraceID {
        TraceID(high: generator.next() | 1, low: generator.next())
    }

    /// The bytes, in the order of the digits.
    var bytes: [UInt8] { high.bigEndianBytes + low.bigEndianBytes }

    /// 32 lower-case hexadecimal digits.
    var description: String { high.hexDigits + low.hexDigits }
}
