// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Bytes with a BSON subtype.
public struct BSONBinary: Sendable, Hashable {
    /// What the bytes mean: 0 generic, 4 UUID, 5 MD5, 128 and above user-defined.
    public var subtype: UInt8
    /// The bytes.
    public var bytes: [UInt8]

    /// Describes bytes; the subtype is generic unless said otherwise.
    public init(_ bytes: [UInt8], subtype: UInt8 = 0) {
        self.subtype = subtype
        self.bytes = bytes
    }

    /// Keeps a UUID as 16 bytes of subtype 4, in network byte order.
    public init(_ uuid: UUID) {
        self.init(uuid.bytes, subtype: 4)
    }

    /// The UUID, when these are 16 bytes of subtype 4.
    public var uuid: UUID? {
        guard subtype == 4, bytes.count == 16 else { return nil }
        let b = bytes
        return UUID(
            uuid: (
                b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]
            ))
    }
}

extension UUID {
    /// The 16 bytes in network byte order.
    var bytes: [UInt8] {
        let u = uuid
        return [u.0, u.1, u.2, u.3, u.4, u.5, u.6, u.7, u.8, u.9, u.10, u.11, u.12, u.13, u.14, u.15]
    }
}
