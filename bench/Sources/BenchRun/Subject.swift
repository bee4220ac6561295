// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What has its turn in each round.
struct Subject: Sendable {
    /// What `--only` calls it.
    let name: String
    /// Whether the services must run for it.
    let needsSystem: Bool
    /// Measures once.
    let measure: @Sendable (SystemUnderTest, Settings) throws -> [Reading]

    /// Those that have their turn when none is named, in the order of the results.
    static let usual = limits + commands + queries + [queryServices, rebuild]
    /// Those that have their turn only when they are named, so that the others keep within their time.
    static let named = [
        tracing, rateLimit, graphQL, clicks, clicksOne, reserveOne, reserveMany, streamLong, listLines, partitions,
    ]

    static let all = usual + named
}
