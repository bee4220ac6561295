// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Engagement
import Essentials
import Testing

@testable import QueryAPI

@Suite("Statistics by GraphQL", .timeLimit(.minutes(1)))
struct EngagementGraphTests {
    private let graph = TestGraph()
    private static let day: Int64 = 86_400_000

    /// What one user did with one anime, each so many days ago.
    private func record(_ anime: Int, _ user: String, _ events: [(EngagementEvent, daysAgo: Int64)]) async throws {
        let stream = Engagement.stream(of: Subject(animeID: anime, userID: user))
        var document: EngagementDocument?
        for (index, (event, ago)) in events.enumerated() {
            let time = Timestamp(millisecondsSinceEpoch: TestGraph.now.millisecondsSinceEpoch - ago * Self.day)
            document = try EngagementProjection.evolve(
                document, event,
                RecordedEvent(
                    id: UUIDv7(at: time), stream: stream, version: Int64(index) + 1, type: event.type,
                    schema: event.schema, recordedAt: time, data: event.encoded(),
                    metadata: EventMetadata(correlationID: "test")))
        }
        let change = ReadModelChange(stream: stream, baseVersion: 0, document: try #require(document))
        #expect(await graph.engagement.write([change]).isEmpty)
    }

    /// Three animes: the first with most views, the second rated best, the third rated by more.
    private func recordAll() async throws {
        let (one, two, three) = (1, 2, 3)
        func subject(_ anime: Int, _ user: String) -> Subject { Subject(animeID: anime, userID: user) }
        try await record(
            one, "ada",
            [
                (.viewed(subject(one, "ada"), durationSeconds: 60), 2),
                (.viewed(subject(one, "ada"), durationSeconds: 30), 0), (.clicked(subject(one, "ada")), 0),
                (.rated(subject(one, "ada"), score: 3), 0), (.rated(subject(one, "ada"), score: 4), 0),
            ])
        try await record(two, "ada", [(.rated(subject(two, "ada"), score: 9), 0)])
        for user in ["bob", "eve"] {
            try await record(
                three, user, [(.rated(subject(three, user), score: 8), 0), (.clicked(subject(three, user)), 1)])
        }
    }

    @Test("are sums of an anime and of a user, and null where nothing is known")
    func sums() async throws {
        try await recordAll()
        try await graph.run { client async throws in
            let fields = "totalViews totalClicks totalDurationSeconds averageRating ratings"
            let data = try await client.data(
                """
                { anime: animeStatistics(animeId: 1) { animeId uniqueViewers \(fields) }
                  text: animeStatistics(animeId: "3") { averageRating ratings }
                  user: userEngagement(userId: " ada ") { userId viewedAnimes \(fields) }
                  none: animeStatistics(animeId: 99) { animeId } word: animeStatistics(animeId: "x") { animeId }
                  other: animeStatistics(animeId: "01") { animeId } plus: animeStatistics(animeId: "+1") { animeId }
                  nobody: userEngagement(userId: "") { userId } }
                """)
            #expect(data["anime"]["animeId"].text == "1")
            let numbers = ["uniqueViewers", "totalViews", "totalClicks", "totalDurationSeconds", "ratings"]
            #expect(numbers.map { data["anime"][$0] } == [1, 2, 1, 90, 1])
            #expect(data["anime"]["averageRating"].digits == "4.0")
            #expect(data["text"]["averageRating"].digits == "8.0")
            #expect(data["user"]["userId"].text == "ada")
            #expect(data["user"]["viewedAnimes"] == 1)
            #expect(data["user"]["averageRating"].digits == "6.5")
            for name in ["none", "word", "other", "plus", "nobody"] { #expect(data[name] == .null) }
        }
    }

    @Test("are listed by views, clicks and ratings, the greatest first")
    func top() async throws {
        try await recordAll()
        try await graph.run { client async throws in
            func ids(_ field: String) async throws -> [String?] {
                try await client.data("{ top: \(field) { animeId } }")["top"].elements.map { $0["animeId"].text }
            }
            #expect(try await ids("topAnimesByViews(limit: 1)") == ["1"])
            #expect(try await ids("topAnimesByClicks") == ["3", "1", "2"])
            #expect(try await ids("topAnimesByRating(limit: 10)") == ["2", "3", "1"])
            #expect(try await ids("topAnimesByRating(minRatings: 2)") == ["3"])
            for (arguments, error) in [
                ("limit: 0", "limit must be from 1 to 500."), ("limit: 501", "limit must be from 1 to 500."),
                ("minRatings: 0", "minRatings must be at least 1."),
            ] {
                #expect(try await client.errors("{ topAnimesByRating(\(arguments)) { animeId } }") == [error])
            }
        }
    }

    @Test("have a series by day up to today, with zeros for days without anything")
    func days() async throws {
        try await recordAll()
        try await graph.run { client async throws in
            let data = try await client.data(
                "{ animeStatistics(animeId: 1) { days(last: 3) { day views clicks durationSeconds } } }")
            let days = data["animeStatistics"]["days"].elements
            #expect(days.map { $0["day"].text } == ["2026-02-27", "2026-02-28", "2026-03-01"])
            #expect(days.map { $0["views"] } == [1, 0, 1])
            #expect(days.map { $0["clicks"] } == [0, 0, 1])
            #expect(days.map { $0["durationSeconds"] } == [60, 0, 30])
            let errors = try await client.errors("{ animeStatistics(animeId: 1) { days(last: 367) { day } } }")
            #expect(errors == ["last must be from 1 to 366."])
        }
    }
}

extension JSONValue {
    /// A number as it was sent.
    fileprivate var digits: String? { if case .number(let number) = self { number.text } else { nil } }
}
