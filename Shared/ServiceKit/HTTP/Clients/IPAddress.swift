// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An address of the Internet Protocol.
///
/// One of version 4 is its mapped form of version 6 (RFC 4291 §2.5.5.2), as a listener for both versions sees it: a client
/// is the same at each listener.
struct IPAddress: Hashable, Sendable {
    /// The address, of version 6.
    let bits: UInt128

    private static let version4Prefix: UInt128 = 0xFFFF << 32

    private init(bits: UInt128) { self.bits = bits }

    var isVersion4: Bool { bits >> 32 == Self.version4Prefix >> 32 }

    /// Whoever is behind the address: in version 6 everybody has a /64 at least, and any address in it at any time
    /// (RFC 7421, RFC 8981).
    var client: IPAddress { isVersion4 ? self : IPAddress(bits: bits & ~UInt128(UInt64.max)) }

    /// Reads an address as people write it, without port, brackets and zone: `192.0.2.1`, `2001:db8::1`.
    ///
    /// - Returns: `nil` for anything else.
    init?(_ text: some StringProtocol) {
        guard text.utf8.contains(UInt8(ascii: ":")) else {
            guard let address = Self.version4(text) else { return nil }
            bits = Self.version4Prefix | UInt128(address)
            return
        }
        // RFC 4291 §2.2: two colons, once, are as many groups of zeros as are missing.
        let text = String(text)
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
            .map { Self.groups($0, end: text.endIndex) }
        guard let first = halves[0] else { return nil }
        var groups = first
        if halves.count > 1 {
            guard halves.count == 2, let last = halves[1], first.count + last.count < 8 else { return nil }
            groups += Array(repeating: 0, count: 8 - first.count - last.count) + last
        }
        guard groups.count == 8 else { return nil }
        bits = groups.reduce(0) { $0 << 16 | UInt128($1) }
    }

    /// The groups of 16 bits that colons separate; at the end of an address two may be written as one of version 4.
    private static func groups(_ text: Substring, end: String.Index) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            if part.endIndex == end, let address = version4(part) {
                groups += [UInt16(address >> 16), UInt16(truncatingIfNeeded: address)]
            } else {
                guard part.utf8.count <= 4, part.first != "+", part.first != "-", let group = UInt16(part, radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups
    }

    private static func version4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            // Some take a number with a zero in front for an octal one (RFC 6943 §3.1.1).
            guard part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), part == "0" || part.first != "0",
                let byte = UInt8(part)
            else { return nil }
            address = address << 8 | UInt32(byte)
        }
        return address
    }
}
