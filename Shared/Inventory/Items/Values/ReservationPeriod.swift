// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// How long a reservation holds.
public struct ReservationPeriod: Sendable, Hashable {
    /// What it may be, in seconds: up to a year.
    private static let range = 1...31_536_000

    /// How long, in seconds.
    public let seconds: Int

    /// Checks a time.
    ///
    /// - Throws: ``NumberFlaw``.
    public init(seconds: Int) throws(NumberFlaw) {
        guard Self.range.contains(seconds) else {
            throw NumberFlaw("of seconds from \(Self.range.lowerBound) to \(Self.range.upperBound)")
        }
        self.seconds = seconds
    }

    /// When a reservation ends that begins at a moment.
    public func end(from start: Timestamp) -> Timestamp {
        Timestamp(millisecondsSinceEpoch: start.millisecondsSinceEpoch + Int64(seconds) * 1000)
    }
}
