// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A point in time as BSON keeps it: whole milliseconds since 1970-01-01T00:00:00Z, which may be negative.
public struct BSONDate: Sendable, Hashable, Comparable {
    /// The milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public var millisecondsSince1970: Int64

    /// Makes a point in time from milliseconds.
    public init(millisecondsSince1970: Int64) {
        self.millisecondsSince1970 = millisecondsSince1970
    }

    /// Rounds down to whole milliseconds; a date outside the range of `Int64` milliseconds becomes its nearest end.
    public init(_ date: Date) {
        // Half a microsecond up: a date that was made from milliseconds must give the same ones again.
        let milliseconds = (date.timeIntervalSince1970 * 1000 + 0.0005).rounded(.down)
        millisecondsSince1970 = Int64(exactly: milliseconds) ?? (milliseconds < 0 ? .min : .max)
    }

    /// The same point in time for Foundation.
    public var date: Date { Date(timeIntervalSince1970: Double(millisecondsSince1970) / 1000) }

    /// Orders by time.
    public static func < (a: BSONDate, b: BSONDate) -> Bool { a.millisecondsSince1970 < b.millisecondsSince1970 }
}
