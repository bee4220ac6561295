// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit

extension Subject {
    /// Among how many animes users choose who do not meet on one.
    static let manyAnimes = 2000

    /// Users click on many animes.
    static let clicks = click("clicks", animes: manyAnimes)
    /// All click on the same one.
    static let clicksOne = click("clicks-one", animes: 1)

    private static func click(_ name: String, animes: Int) -> Subject {
        Subject(name: name, needsSystem: true) { system, settings in
            let start = ContinuousClock.now
            let report = try system.registering {
                try system.place.load(
                    "closed", "click",
                    options: [
                        // As with registrations, each round has users of its own: few have clicked on one of the animes before.
                        "prefix": system.freshPrefix(), "animes": animes, "port": system.port(.commandAPI),
                        "connections": settings.connections, "seconds": settings.loadSeconds,
                    ])
            }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            return [
                Reading(.clicked(animes: animes), report.rate),
                Reading(.clickedAndApplied(animes: animes), Double(report.succeeded) / seconds),
            ]
        }
    }
}

extension Metric {
    /// Clicks on one anime, of those on many; and these of registrations.
    static func clicked(animes: Int) -> Metric {
        let name = "clicks accepted, animes: \(animes)"
        return animes == Subject.manyAnimes
            ? Metric(name, .perSecond, of: accepted) : Metric(name, .perSecond, of: clicked(animes: Subject.manyAnimes))
    }
    static func clickedAndApplied(animes: Int) -> Metric {
        let name = "clicks, applied to all sums, animes: \(animes)"
        return animes == Subject.manyAnimes
            ? Metric(name, .perSecond)
            : Metric(name, .perSecond, of: clickedAndApplied(animes: Subject.manyAnimes))
    }
}
