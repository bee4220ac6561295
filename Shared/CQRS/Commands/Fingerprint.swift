// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Tells what one command asks for from what another does, for ``IdempotencyKey/fingerprint``.
///
/// It is the 64-bit FNV-1a hash of the command's parts. That is enough: it is only ever compared with that of
/// another request under the same key, to notice a client that uses a key twice by mistake. One such mistake in 2⁶⁴
/// passes for a repeat, and somebody who looks for a collision deceives nobody but himself.
///
/// It is stored with events: the same parts have the same text for ever, in every process.
public enum Fingerprint {
    /// The fingerprint of parts in this order.
    ///
    /// - Parameter parts: what a command says, in the form that makes equal things equal text; `nil` for what it does
    ///   not say.
    /// - Returns: 16 hexadecimal digits.
    public static func text(_ parts: String?...) -> String { text(parts) }

    /// The fingerprint of parts in this order; see ``text(_:)-(String?...)``.
    public static func text(_ parts: [String?]) -> String {
        var hash = FNV1a()
        for part in parts {
            // Neither byte occurs in UTF-8, so no two lists of parts have the same bytes.
            if let part { hash.add(part.utf8) } else { hash.add([0xFE]) }
            hash.add([0xFF])
        }
        let digits = String(hash.value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

/// The 64-bit FNV-1a hash: Swift's own hash differs from process to process.
struct FNV1a {
    /// The hash of the bytes so far.
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
}
