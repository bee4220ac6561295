// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How many of something: at least one.
public struct Quantity: Sendable, Hashable {
    /// The largest quantity. What a store has of an item can be no more either.
    public static let maximum = 1_000_000_000

    /// What it may be.
    static let range = 1...maximum

    /// The number.
    public let value: Int

    /// Checks a number.
    ///
    /// - Throws: ``NumberFlaw``.
    public init(_ value: Int) throws(NumberFlaw) {
        guard Self.range.contains(value) else { throw NumberFlaw("from \(Self.range.lowerBound) to \(Self.maximum)") }
        self.value = value
    }

    /// Checks a number that may be 0, too.
    ///
    /// - Returns: `nil` for 0.
    /// - Throws: ``NumberFlaw``.
    public static func orNone(_ value: Int) throws(NumberFlaw) -> Quantity? {
        if value == 0 { return nil }
        guard range.contains(value) else { throw NumberFlaw("from 0 to \(maximum)") }
        return try Quantity(value)
    }
}
