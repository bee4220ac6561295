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

    /// In the order of the results.
    static let all = limits + commands + queries + [queryServices, rebuild]
}
