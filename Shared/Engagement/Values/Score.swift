// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What somebody thinks of something, the more the better.
public struct Score: Sendable, Hashable {
    /// What it may be.
    static let range = 1...10

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
