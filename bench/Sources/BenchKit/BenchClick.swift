// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Clicks made up for a measurement.
public enum BenchClick {
    /// Where clicks go.
    public static let path = "/click"
    /// How many users click.
    public static let users = 50_000

    /// A click of a user at random on an anime at random.
    ///
    /// - Parameters:
    ///   - prefix: what the users' names begin with.
    ///   - animes: how many there are, at least 1.
    public static func json(_ prefix: String, animes: Int) -> String {
        #"{"anime_id":\#(Int.random(in: 1...animes)),"user_id":"\#(prefix)\#(Int.random(in: 1...users))"}"#
    }
}
