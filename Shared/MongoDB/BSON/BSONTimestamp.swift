// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The server's replication timestamp, as in `operationTime`. Not a date for applications: see ``BSONDate``.
public struct BSONTimestamp: Sendable, Hashable, Comparable {
    /// Seconds since 1970.
    public var seconds: UInt32
    /// The running number within the second.
    public var increment: UInt32

    /// Makes a timestamp from its two parts.
    public init(seconds: UInt32, increment: UInt32) {
        self.seconds = seconds
        self.increment = increment
    }

    /// Orders by seconds, then by increment.
    public static func < (a: BSONTimestamp, b: BSONTimestamp) -> Bool {
        (a.seconds, a.increment) < (b.seconds, b.increment)
    }
}
