// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An anime, by the number that whoever keeps the animes has given it.
public struct AnimeID: Sendable, Hashable {
    /// What it may be: up to the last number that JavaScript counts to one by one, 2⁵³ − 1.
    public static let range = 1...9_007_199_254_740_991

    /// The number.
    public let value: Int

    /// Checks a number.
    ///
    /// - Throws: ``NumberFlaw``.
    public init(_ value: Int) throws(NumberFlaw) {
        guard Self.range.contains(value) else { throw NumberFlaw(Self.range) }
        self.value = value
    }
}
