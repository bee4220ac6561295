// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit

extension Subject {
    /// Users are asked for.
    static let queries = [
        Subject(name: "get-hot", needsSystem: true) { system, settings in
            // The first answers are the ones that are kept.
            _ = try system.getHot(settings, "count", settings.hotUsers * 20)
            let rate = try system.getHot(settings, "seconds", settings.loadSeconds).rate
            let latency = try system.place.load(
                "open", "get-random",
                options: [
                    "prefix": SystemUnderTest.seed, "users": settings.hotUsers, "port": system.port(.queryAPI),
                    "rate": settings.queryRate, "seconds": settings.openSeconds,
                ]
            ).latency
            return [
                Reading(.hotGets, rate),
                Reading(.percentile("p50", "GET hot", at: settings.queryRate), latency.p50),
                Reading(.percentile("p99", "GET hot", at: settings.queryRate), latency.p99),
            ]
        },
        Subject(name: "get-cold", needsSystem: true) { system, settings in
            // Each user once, and none that get-hot asks for: the query API has started anew with this round.
            let report = try system.place.load(
                "closed", "get-each",
                options: [
                    "prefix": SystemUnderTest.seed, "first": settings.hotUsers,
                    "count": min(settings.burst, system.users - settings.hotUsers),
                    "port": system.port(.queryAPI), "connections": settings.connections,
                ])
            return [Reading(.coldGets, report.rate)]
        },
    ]
}

extension SystemUnderTest {
    /// Asks for the same few users as fast as it goes.
    ///
    /// - Parameter bound: the option that bounds it.
    func getHot(
        _ settings: Settings, _ bound: String, _ value: any CustomStringConvertible
    ) throws -> LoadReport {
        try place.load(
            "closed", "get-random",
            options: [
                "prefix": Self.seed, "users": settings.hotUsers, "port": port(.queryAPI),
                "connections": settings.connections, bound: value,
            ])
    }
}
