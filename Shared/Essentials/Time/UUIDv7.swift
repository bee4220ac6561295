// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A time-ordered unique identifier (RFC 9562 §5.7): 48 bits of Unix time in milliseconds, then 74 random bits.
///
/// Its order is that of creation, so that an index on it grows at one end.
public struct UUIDv7: Sendable, Hashable, Comparable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    /// A new identifier.
    ///
    /// - Parameters:
    ///   - time: the moment it stands for.
    ///   - generator: where the random bits come from.
    public init(at time: Timestamp, using generator: inout some RandomNumberGenerator) {
        let milliseconds = UInt64(bitPattern: time.millisecondsSinceEpoch) & 0xFFFF_FFFF_FFFF
        high = milliseconds << 16 | 0x7000 | generator.next(upperBound: 0x1000 as UInt64)
        low = 0x8000_0000_0000_0000 | generator.next() >> 2
    }

    /// A new identifier from the system's random numbers.
    public init(at time: Timestamp) {
        var generator = SystemRandomNumberGenerator()
        self.init(at: time, using: &generator)
    }

    /// Reads the text form of RFC 9562 §4, with digits in either case.
    ///
    /// - Returns: `nil` for anything but a version 7 UUID of the RFC's variant.
    public init?(_ text: some StringProtocol) { self.init(String(text)) }

    /// Reads the text form of RFC 9562 §4, with digits in either case.
    ///
    /// - Returns: `nil` for anything but a version 7 UUID of the RFC's variant.
    public init?(_ text: String) { self.init(utf8: text.utf8.span) }

    /// Reads the bytes of the text form.
    package init?(utf8: Span<UInt8>) {
        guard utf8.count == 36 else { return nil }
        var digits: (high: UInt64, low: UInt64) = (0, 0)
        for position in utf8.indices {
            switch position {
            case 8, 13, 18, 23:
                guard utf8[position] == UInt8(ascii: "-") else { return nil }
            default:
                guard let digit = hexDigit(utf8[position]) else { return nil }
                digits.high = digits.high << 4 | digits.low >> 60
                digits.low = digits.low << 4 | digit
            }
        }
        guard digits.high & 0xF000 == 0x7000, digits.low >> 62 == 0b10 else { return nil }
        (high, low) = digits
    }

    /// The moment it stands for.
    public var time: Timestamp { Timestamp(millisecondsSinceEpoch: Int64(high >> 16)) }

    /// The 36 lower-case characters of RFC 9562 §4.
    public var description: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36)
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the ``description``.
    package func write(to bytes: inout [UInt8]) {
        for position in 0..<32 {
            switch position {
            case 8, 12, 16, 20: bytes.append(UInt8(ascii: "-"))
            default: break
            }
            let word = position < 16 ? high : low
            let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - position % 16 * 4)) & 0xF
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }

    /// Orders by time of creation.
    public static func < (a: Self, b: Self) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

private func hexDigit(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}
