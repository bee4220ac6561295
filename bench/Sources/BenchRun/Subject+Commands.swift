// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit

extension Subject {
    /// Users register, and are followed to the read model.
    static let commands = [
        Subject(name: "post", needsSystem: true) { system, settings in
            let report = try system.registering {
                try system.post(settings, "seconds", settings.loadSeconds)
            }
            return [Reading(.accepted, report.rate)]
        },
        Subject(name: "end-to-end", needsSystem: true) { system, settings in
            let observation = Observation(system.processes)
            let start = ContinuousClock.now
            let users = try system.registering { try system.post(settings, "count", settings.burst) }.succeeded
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            return [Reading(.endToEnd, Double(users) / seconds)]
                + observation.seconds().map { Reading(.cpu($0.name), $0.seconds / Double(users) * 1e6) }
        },
        visible("visible-idle") { $0.idleRate },
        visible("visible-busy") { $0.busyRate },
        Subject(name: "catch-up", needsSystem: true) { system, settings in
            system.stop(.consumer)
            let users = settings.burst
            let published = system.publishedEvents() ?? 0
            _ = try system.post(settings, "count", users)
            try waitUntil("all events to be published") { (system.publishedEvents() ?? 0) >= published + users }
            try system.start()
            // From the first batch on, so that the start is not counted.
            var first: (events: Int, at: ContinuousClock.Instant)?
            try waitUntil("the consumer to catch up", every: 0.005) {
                let applied = system.appliedEvents() ?? 0
                if first == nil, applied > 0 { first = (applied, .now) }
                return applied >= users
            }
            guard let first, first.events < users else {
                throw Program.Failure(description: "too few users to measure")
            }
            let seconds = (ContinuousClock.now - first.at) / .seconds(1)
            return [Reading(.caughtUp, Double(users - first.events) / seconds)]
        },
    ]

    private static func visible(_ name: String, _ rate: @escaping @Sendable (Settings) -> Double) -> Subject {
        Subject(name: name, needsSystem: true) { system, settings in
            let rate = rate(settings)
            let report = try system.registering {
                try system.place.load(
                    "visible", "post",
                    options: [
                        "prefix": system.freshPrefix(), "rate": rate, "seconds": settings.openSeconds,
                        "port": system.port(.commandAPI), "query-port": system.port(.queryAPI),
                    ])
            }
            guard let visible = report.visible else { return [] }
            return [
                Reading(.percentile("p50", "202 to visible", at: rate), visible.p50),
                Reading(.percentile("p99", "202 to visible", at: rate), visible.p99),
                Reading(.percentile("p50", "POST", at: rate), report.latency.p50),
                Reading(.percentile("p99", "POST", at: rate), report.latency.p99),
            ]
        }
    }
}

extension SystemUnderTest {
    /// Registers users as fast as it goes.
    ///
    /// - Parameter bound: the option that bounds it.
    func post(
        _ settings: Settings, _ bound: String, _ value: any CustomStringConvertible
    ) throws -> LoadReport {
        try place.load(
            "closed", "post",
            options: [
                "prefix": freshPrefix(), "port": port(.commandAPI), "connections": settings.connections, bound: value,
            ])
    }
}
