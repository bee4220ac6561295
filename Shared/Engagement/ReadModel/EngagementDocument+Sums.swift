// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// What is shown of engagement: sums over all users of an anime, over all animes of a user, and for each day of an anime.
extension EngagementDocument {
    /// A row for each anime, by ``AnimeID/value``.
    public static let animes = SumTable(
        "animes", columns: ["clicks", "views", "viewers", "duration", "score", "ratings"],
        ratios: [SumRatio("average", of: "score", over: "ratings")],
        ranks: [["views"], ["clicks"], ["average", "ratings"]])

    /// A row for each user, by the identifier. `viewed` is how many animes.
    public static let users = SumTable(
        "users", columns: ["clicks", "views", "viewed", "duration", "score", "ratings"],
        ratios: [SumRatio("average", of: "score", over: "ratings")])

    /// A row for each anime and day, by ``dayRow(animeID:day:)``.
    public static let days = SumTable("days", columns: ["clicks", "views", "duration"])

    /// By anime, by user, and by anime and day.
    public static let sums = [animes, users, days]

    /// The row of an anime's day.
    ///
    /// - Parameter day: as ``EngagementDay/day``.
    public static func dayRow(animeID: Int, day: String) -> String { "\(animeID).\(day)" }

    /// One viewer and one rating at most, however often.
    public var addends: [SumAddend] {
        let values = [clicks, views, views > 0 ? 1 : 0, durationSeconds, score ?? 0, score == nil ? 0 : 1].map {
            Int64($0)
        }
        let days = days.map { day in
            SumAddend(
                Self.days, Self.dayRow(animeID: animeId, day: day.day),
                [Int64(day.clicks), Int64(day.views), Int64(day.durationSeconds)])
        }
        return [SumAddend(Self.animes, "\(animeId)", values), SumAddend(Self.users, userId, values)] + days
    }
}
