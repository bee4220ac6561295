// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// What one user did with one anime on one day.
public struct EngagementDay: Sendable, Equatable, Codable {
    /// The day in UTC, such as `2026-03-01`.
    public let day: String
    /// How often the user clicked.
    public internal(set) var clicks = 0
    /// How often the user viewed.
    public internal(set) var views = 0
    /// For how many seconds in all.
    public internal(set) var durationSeconds = 0

    init(_ day: String) { self.day = day }

    /// The day of a moment.
    public static func day(of time: Timestamp) -> String { String(time.description.prefix(10)) }
}
