// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// What was done with an anime by all users, or by a user with all animes.
public struct EngagementSums: Sendable, Equatable {
    /// How often somebody clicked.
    public let clicks: Int
    /// How often somebody viewed.
    public let views: Int
    /// How many users viewed the anime, or how many animes the user viewed.
    public let pairs: Int
    /// For how many seconds in all.
    public let durationSeconds: Int
    /// How many have rated, or were rated: once each, with the last score.
    public let ratings: Int
    /// The mean of these scores; `nil` without one.
    public let averageRating: Double?

    /// - Parameter row: of ``EngagementDocument/animes`` or ``EngagementDocument/users``, whose columns are in the same order.
    public init(_ row: SumRow) {
        let values = row.values.map { Int($0) }
        (clicks, views, pairs, durationSeconds) = (values[0], values[1], values[2], values[3])
        ratings = values[5]
        averageRating = row.ratios.first ?? nil
    }
}

/// What was done with an anime on one day.
public struct DaySums: Sendable, Equatable {
    /// How often somebody clicked.
    public let clicks: Int
    /// How often somebody viewed.
    public let views: Int
    /// For how many seconds in all.
    public let durationSeconds: Int

    /// - Parameter row: of ``EngagementDocument/days``; `nil` for a day on which nothing was done.
    public init(_ row: SumRow?) {
        let values = row.map { $0.values.map { Int($0) } } ?? [0, 0, 0]
        (clicks, views, durationSeconds) = (values[0], values[1], values[2])
    }
}
