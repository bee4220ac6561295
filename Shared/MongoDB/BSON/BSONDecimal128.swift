// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A 128-bit decimal number, kept as its bits: it survives reading and writing, and is not computed with here.
public struct BSONDecimal128: Sendable, Hashable {
    /// The upper 64 bits.
    public var high: UInt64
    /// The lower 64 bits.
    public var low: UInt64

    /// Makes a number from its bits.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}
