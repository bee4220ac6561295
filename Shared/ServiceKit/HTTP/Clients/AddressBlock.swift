// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A block of addresses (CIDR, RFC 4632 §3.1, RFC 4291 §2.3).
struct AddressBlock: Hashable, Sendable {
    private let prefix: UInt128
    private let mask: UInt128

    /// Reads `10.0.0.0/8`, `2001:db8::/32`, or an address that is a block by itself.
    ///
    /// - Returns: `nil` for anything else.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(parts[0]) else { return nil }
        let width = address.isVersion4 ? 32 : 128
        var length = width
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let stated = Int(parts[1]), stated <= width
            else { return nil }
            length = stated
        }
        // Of a mapped address all bits before those of version 4 count.
        mask = UInt128.max << (width - length)
        prefix = address.bits & mask
    }

    func contains(_ address: IPAddress) -> Bool { address.bits & mask == prefix }
}
