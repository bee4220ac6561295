// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Engagement
import Essentials
import HTTPTestSupport
import Testing

@Suite("An import of engagement", .timeLimit(.minutes(1)))
struct EngagementImportTests {
    private static let lines = #"""
        {"type":"click","anime_id":1,"user_id":"a"}
        {"type":"view","anime_id":1,"user_id":"a","duration_seconds":60}

        nonsense
        {"type":"rating","anime_id":1,"user_id":"a","score":11}
        {"anime_id":2,"user_id":"B","score":9,"type":"rating"}
        {"type":"purchase","anime_id":0,"user_id":"a","score":1}
        {"anime_id":1,"user_id":"a"}
        {"type":"click","anime_id":1,"user_id":"a","score":1}
        """#

    @Test("answers each line in order with what that command answers, and a repeat with the same key with the same")
    func mixed() async throws {
        try await LiveCommandAPI.run { api async throws in
            let key = [("Idempotency-Key", "import-1")]
            let results = try await api.importing(Self.lines, to: "engagement", headers: key)
            #expect(results.map(\.line) == [1, 2, 4, 5, 6, 7, 8, 9])
            #expect(results.map(\.status) == [202, 202, 400, 422, 202, 422, 422, 422])
            #expect(results.allSatisfy { $0.id == nil && $0.version == nil })
            let events = await api.store.allEvents(of: Engagement.streamCategory)
            #expect(Set(events.map(\.id.description)) == Set(results.compactMap(\.eventId)))
            #expect(events.count == 3)
            #expect(Set(events.map(\.type)) == ["engagement.clicked", "engagement.viewed", "engagement.rated"])

            #expect(try await api.importing(Self.lines, to: "engagement", headers: key) == results)
            #expect(await api.store.allEvents(of: Engagement.streamCategory).count == 3)
            // Without the key it has all happened once more.
            _ = try await api.importing(Self.lines, to: "engagement")
            #expect(await api.store.allEvents(of: Engagement.streamCategory).count == 6)
        }
    }

    @Test("names what is wrong with a line, of what kind it is first")
    func pointers() async throws {
        try await LiveCommandAPI.run { api async throws in
            let answer = try await HTTP.send(
                "POST", "\(api.url)/engagement/import", json: Self.lines, type: "application/x-ndjson")
            let pointers = answer.body.split(separator: "\n").map { line in
                line.matches(of: /"pointer":"([^"]*)"/).map { String($0.1) }
            }
            #expect(pointers == [[], [], [], ["/score"], [], ["/type", "/anime_id"], ["/type"], ["/score"]])
        }
    }

    @Test("takes down many things of one user and anime, without gaps")
    func manyOfOne() async throws {
        try await LiveCommandAPI.run { api async throws in
            let lines = (0..<300).map { _ in #"{"type":"click","anime_id":1,"user_id":"a"}"# }
            let results = try await api.importing(lines.joined(separator: "\n"), to: "engagement")
            #expect(results.allSatisfy { $0.status == 202 })
            let events = await api.store.allEvents(of: Engagement.streamCategory)
            #expect(events.map(\.version) == Array(1...300))
        }
    }
}
