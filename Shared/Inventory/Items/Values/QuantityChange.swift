// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// By how many the quantity in a store changes: more or fewer, and not by 0.
public struct QuantityChange: Sendable, Hashable {
    /// What it may be, but for 0.
    static let range = -Quantity.maximum...Quantity.maximum

    /// The number; negative for fewer.
    public let value: Int

    /// Checks a number.
    ///
    /// - Throws: ``NumberFlaw``.
    public init(_ value: Int) throws(NumberFlaw) {
        guard value != 0, Self.range.contains(value) else {
            throw NumberFlaw("from \(Self.range.lowerBound) to \(Self.range.upperBound), and not 0")
        }
        self.value = value
    }
}
