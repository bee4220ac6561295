// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How long somebody viewed something, in seconds: up to a day.
public struct ViewDuration: Sendable, Hashable {
    /// What it may be.
    static let range = 0...86_400

    /// Not known to be any.
    public static let none = ViewDuration()

    /// The number of seconds.
    public let seconds: Int

    private init() { seconds = 0 }

    /// Checks a number.
    ///
    /// - Throws: ``NumberFlaw``.
    public init(seconds: Int) throws(NumberFlaw) {
        guard Self.range.contains(seconds) else { throw NumberFlaw(Self.range, of: "seconds") }
        self.seconds = seconds
    }
}
