// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How much of everything is done in a round.
struct Settings: Encodable, Sendable {
    var rounds: Int
    /// Users registered before the first round, for each run.
    var users: [Int]
    /// How long a closed loop with the project goes on.
    var loadSeconds: Double
    /// How long a limit is measured.
    var limitSeconds: Double
    /// How long an open loop goes on.
    var openSeconds: Double
    /// Users of one end-to-end run, of one catch-up, and of one cold reading.
    var burst: Int
    /// Events of a long stream.
    var streamEvents: Int
    /// Lines of a stock list, at most 10,000, which is its limit.
    var listLines: Int
    /// Connections of a closed loop.
    var connections = 32
    /// Commands a second while nothing else happens.
    var idleRate = 20.0
    /// Commands a second while the system has something to do.
    var busyRate = 500.0
    /// Queries a second when their latency is measured.
    var queryRate = 1000.0
    /// How many users hot queries are about.
    var hotUsers = 100
    /// Commands on a stream of each length.
    var streamCommands = 800
    /// How often command-api starts anew for a first command on a stream of each length.
    var restarts = 7

    /// Some 15 minutes.
    static let full = Settings(
        rounds: 5, users: [50_000], loadSeconds: 5, limitSeconds: 2, openSeconds: 10, burst: 20_000,
        streamEvents: 100_000, listLines: 10_000)

    /// Under 5 minutes.
    static let quick = Settings(
        rounds: 3, users: [10_000], loadSeconds: 2, limitSeconds: 1, openSeconds: 3, burst: 8_000,
        streamEvents: 10_000, listLines: 2_000)
}
