// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSAMQP
import Foundation
import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("Engagement", .serialized, .timeLimit(.minutes(60)))
    struct EngagementTests {
        private static func setting(_ name: String, _ usual: Int) -> Int {
            ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? usual
        }

        /// `ENGAGEMENT_EVENTS` for more: 1000000 of 2,000 animes and 50,000 users take some minutes.
        private static let events = setting("ENGAGEMENT_EVENTS", 3000)
        /// `ENGAGEMENT_REBUILD=1` to rebuild as well, which takes two minutes; the kit's own tests rebuild sums in less.
        private static let rebuilds = setting("ENGAGEMENT_REBUILD", 0) > 0

        @Test(
            "a click, a view and a rating are seen in the statistics, as by the calls of those who come from elsewhere")
        func path() async throws {
            try await TestSystem.run { system, _ in
                for (path, body) in [
                    ("click", #"{"anime_id": 1, "user_id": "user123"}"#),
                    ("view", #"{"anime_id": 1, "user_id": "user123", "duration_seconds": 90}"#),
                    ("rating", #"{"anime_id": 1, "user_id": "user123", "score": 3}"#),
                    ("rating", #"{"anime_id": 1, "user_id": "user123", "score": 8}"#),
                    ("view", #"{"anime_id": 2, "user_id": "user123"}"#),
                ] {
                    let answer = try await HTTP.post("\(system.commandAPI.url)/\(path)", json: body)
                    #expect(answer.status == 202, "\(answer.body)")
                    #expect(answer.body.contains(#""eventId":""#), "\(answer.body)")
                }
                let imported = try await HTTP.send(
                    "POST", "\(system.commandAPI.url)/engagement/import",
                    json: #"{"type":"click","anime_id":1,"user_id":"Ünï"}"# + "\n"
                        + #"{"type":"view","anime_id":1,"user_id":"Ünï","duration_seconds":10}"# + "\n",
                    type: "application/x-ndjson")
                #expect(imported.status == 200)
                try await eventually("all of it visible") {
                    try await system.topAnimes(10).map { $0.totalViews + $0.totalClicks + $0.ratings } == [5, 1]
                }
                let top = try await system.graphQL(
                    "topAnimesByViews(limit: 10) { animeId totalViews totalClicks averageRating }")
                #expect(
                    top == #"{"topAnimesByViews":[{"animeId":"1","totalViews":2,"totalClicks":2,"averageRating":8.0},"#
                        + #"{"animeId":"2","totalViews":1,"totalClicks":0,"averageRating":null}]}"#)
                let both = try await system.graphQL(
                    #"animeStatistics(animeId: 1) { uniqueViewers totalDurationSeconds ratings days(last: 1) { views clicks } }"#
                        + #" userEngagement(userId: "user123") { totalViews viewedAnimes averageRating }"#)
                #expect(
                    both == #"{"animeStatistics":{"uniqueViewers":2,"totalDurationSeconds":100,"ratings":1,"#
                        + #""days":[{"views":2,"clicks":2}]},"#
                        + #""userEngagement":{"totalViews":2,"viewedAnimes":2,"averageRating":8.0}}"#)
                let verified = try await system.operate("verify", "engagement")
                #expect(verified.status == 0, "\(verified.text)")
                #expect(verified.text.contains("no differences"))
            }
        }

        @Test(
            "is counted once, whatever is delivered twice, in any order, to consumers that are killed; and no sum falls"
        )
        func exact() async throws {
            let history = try EngagementHistory(
                events: Self.events, animes: min(2000, Self.events / 20), users: min(50_000, Self.events / 4))
            try await TestSystem.run(consumers: 3) { system, services in
                try await system.store(history.events)
                // A fifth comes twice, and all in another order.
                let deliveries = (history.events + history.events.shuffled().prefix(history.events.count / 5))
                    .shuffled()
                let stop = Flag()
                async let kills: Void = kill(system, services, until: stop)
                try await system.publishing { publisher, _ in
                    for start in stride(from: 0, to: deliveries.count, by: 2000) {
                        let part = Array(deliveries[start..<min(start + 2000, deliveries.count)])
                        for outcome in await publisher.publish(part) {
                            guard case .published = outcome else { throw UnpublishedEvent() }
                        }
                    }
                }
                try await system.expectSums(history, within: .seconds(60 + Self.events / 500))
                stop.set()
                try await kills
                let verified = try await system.operate(
                    "verify", "engagement", "--patience", "30", limit: .seconds(900))
                #expect(verified.status == 0, "\(verified.text.suffix(2000))")
                print("engagement: \(verified.text.split(separator: "\n").last ?? "")")
                try await system.recountElsewhere()
                if Self.rebuilds { try await neverFalls(system, history) }
            }
        }

        private struct UnpublishedEvent: Error {}

        /// Kills two of three consumers, and starts others.
        private func kill(_ system: TestSystem, _ services: Services, until stop: Flag) async throws {
            for consumer in system.consumers.prefix(2) {
                let before = try await system.lastVersions(in: "engagement")
                try await eventually("further events", within: .seconds(120)) {
                    if stop.isSet { return true }
                    return try await system.lastVersions(in: "engagement") > before + Self.events / 20
                }
                try await services.killAndRestart(consumer)
            }
        }

        /// Rebuilds, switches back and finishes under load, while nobody sees a sum fall.
        private func neverFalls(_ system: TestSystem, _ history: EngagementHistory) async throws {
            let reads = SumReads(system)
            let stop = Flag()
            let accepted = Counter()
            async let reading: Void = reads.run(until: stop)
            async let load: Void = inParallel(2, until: stop) { number in
                let answer = try? await HTTP.post(
                    "\(system.commandAPI.url)/view",
                    json: #"{"anime_id": \#(number % 20 + 1), "user_id": "new\#(number % 500)", "duration_seconds": 1}"#
                )
                if answer?.status == 202 { accepted.add() }
                // A pace: the machine has a rebuild to do as well.
                try? await Task.sleep(for: .milliseconds(5))
            }
            for arguments in [[], ["--rollback"], ["--finish"]] as [[String]] {
                let done = try await system.operate(["rebuild", "engagement"] + arguments, limit: .seconds(900))
                #expect(done.status == 0, "\(arguments): \(done.text.suffix(2000))")
            }
            stop.set()
            _ = try await (reading, load)
            #expect(reads.failures.all.isEmpty, "\(reads.failures.all.prefix(5))")
            print(
                "engagement: \(reads.count.value) reads while it was rebuilt and switched back, \(accepted.value) views"
            )
            let before = history.animes.values.map(\.views).reduce(0, +)
            try await eventually("every view counted", within: .seconds(60)) {
                try await system.totalViews() == before + accepted.value
            }
            let verified = try await system.operate("verify", "engagement", "--patience", "30", limit: .seconds(900))
            #expect(verified.status == 0, "\(verified.text.suffix(2000))")
        }
    }
}

/// Reads the top list again and again, and notes every sum that is less than it was.
private final class SumReads: Sendable {
    let count = Counter()
    let failures = Collected<String>()
    private let system: TestSystem

    init(_ system: TestSystem) { self.system = system }

    func run(until stop: Flag) async {
        var seen: [String: Int] = [:]
        while !stop.isSet {
            do {
                for anime in try await system.topAnimes(100) {
                    if anime.totalViews < seen[anime.animeId] ?? 0 {
                        failures.add("\(anime.animeId): \(anime.totalViews) after \(seen[anime.animeId] ?? 0)")
                    }
                    seen[anime.animeId] = anime.totalViews
                }
            } catch {
                failures.add("\(error)")
            }
            count.add()
        }
    }
}
