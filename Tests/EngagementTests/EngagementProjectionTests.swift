// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Engagement
import Essentials
import Foundation
import MongoDB
import Testing

private let morning = moment("2026-03-01T06:00:00Z")

private func moment(_ text: String) -> Timestamp { Timestamp(rfc3339: text) ?? .now() }

@Suite("The projection of engagement")
struct EngagementProjectionTests {
    @Test("counts clicks and views, adds up durations, and keeps the last rating")
    func counting() throws {
        let document = try document(after: [
            (.clicked(subject), at: morning), (.viewed(subject, durationSeconds: 0), at: morning),
            (.rated(subject, score: 3), at: morning), (.viewed(subject, durationSeconds: 90), at: morning),
            (.rated(subject, score: 10), at: morning), (.clicked(subject), at: morning),
        ])
        #expect((document.animeId, document.userId) == (subject.animeID, subject.userID))
        #expect((document.clicks, document.views, document.durationSeconds) == (2, 2, 90))
        #expect(document.score == 10)
        #expect((document.version, document.updatedAt) == (6, morning))
    }

    @Test("knows no score before there is one, and no day of a rating")
    func absence() throws {
        #expect(try document(after: [(.clicked(subject), at: morning)]).score == nil)
        let rated = try document(after: [(.rated(subject, score: 3), at: morning)])
        #expect(rated.days.isEmpty)
        #expect((rated.clicks, rated.views) == (0, 0))
    }

    @Test("counts by day in UTC, each day once and in order, whatever time does")
    func days() throws {
        let document = try document(after: [
            (.clicked(subject), at: moment("2026-02-28T23:59:59.999Z")),
            (.viewed(subject, durationSeconds: 5), at: moment("2026-03-01T00:00:00Z")),
            (.clicked(subject), at: moment("2026-03-01T23:59:59.999Z")),
            (.clicked(subject), at: moment("2026-03-03T00:30:00+01:00")),
            // Not in a stream that command handlers have written.
            (.clicked(subject), at: moment("2026-02-28T01:00:00Z")),
            (.viewed(subject, durationSeconds: 7), at: moment("2025-12-31T01:00:00Z")),
        ])
        #expect(document.days.map(\.day) == ["2025-12-31", "2026-02-28", "2026-03-01", "2026-03-02"])
        #expect(document.days.map(\.clicks) == [0, 2, 1, 1])
        #expect(document.days.map(\.views) == [1, 0, 1, 0])
        #expect(document.days.map(\.durationSeconds) == [7, 0, 5, 0])
    }

    @Test("refuses an event that is about something else than its stream")
    func foreign() throws {
        let event = EngagementEvent.clicked(Subject(animeID: 2, userID: subject.userID))
        #expect(throws: MalformedEvent.self) {
            try EngagementProjection.evolve(nil, event, recorded(event, version: 1, in: Engagement.stream(of: subject)))
        }
        let impossible = EngagementEvent.clicked(Subject(animeID: 1 << 62, userID: "a"))
        #expect(throws: MalformedEvent.self) {
            try EngagementProjection.evolve(
                nil, impossible, recorded(impossible, version: 1, in: Engagement.stream(of: subject)))
        }
    }

    @Test("has documents that survive being stored")
    func stored() throws {
        let documents = [
            try document(after: [(.rated(subject, score: 3), at: morning)]),
            try document(after: [(.clicked(subject), at: morning), (.viewed(subject, durationSeconds: 1), at: morning)]
            ),
        ]
        for document in documents {
            #expect(
                try BSONDecoder().decode(EngagementDocument.self, from: BSONEncoder().encode(document)) == document)
        }
    }

    @Test("has documents that can be read as they were first stored")
    func firstForm() throws {
        let json = #"""
            {"version":3,"updatedAt":794037600,"animeId":1,"userId":"user123","clicks":1,"views":1,"durationSeconds":60,
            "score":9,"days":[{"day":"2026-03-01","clicks":1,"views":1,"durationSeconds":60}]}
            """#
        let document = try JSONDecoder().decode(EngagementDocument.self, from: Data(json.utf8))
        let same = try EngagementTests.document(after: [
            (.clicked(subject), at: morning), (.viewed(subject, durationSeconds: 60), at: morning),
            (.rated(subject, score: 9), at: document.updatedAt),
        ])
        #expect(document == same)
    }
}
