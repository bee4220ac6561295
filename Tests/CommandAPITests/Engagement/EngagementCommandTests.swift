// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Engagement
import Essentials
import Foundation
import HTTPTestSupport
import Testing

/// What an accepted command says, and all that it says.
private struct Accepted: Decodable, Equatable {
    let eventId: String

    init(_ answer: HTTPAnswer) throws {
        self = try JSONDecoder().decode(Accepted.self, from: Data(answer.body.utf8))
        #expect(answer.body == #"{"eventId":"\#(eventId)"}"#)
    }
}

@Suite("The commands on engagement", .timeLimit(.minutes(1)))
struct EngagementCommandTests {
    private static let subject = Subject(animeID: 1, userID: "user123")
    private static let good: [(path: String, json: String, event: EngagementEvent)] = [
        ("click", #"{"anime_id":1,"user_id":"user123"}"#, .clicked(subject)),
        (
            "view", #"{"anime_id":1,"user_id":"user123","duration_seconds":1440}"#,
            .viewed(subject, durationSeconds: 1440)
        ),
        ("view", #"{"anime_id":1,"user_id":"user123"}"#, .viewed(subject, durationSeconds: 0)),
        ("rating", #"{"anime_id":1,"user_id":" user123","score":9}"#, .rated(subject, score: 9)),
        (
            "click", #"{"user_id":"Zoe\u0308","anime_id":9007199254740991}"#,
            .clicked(Subject(animeID: 9_007_199_254_740_991, userID: "Zo\u{EB}"))
        ),
    ]

    private func post(
        _ api: LiveCommandAPI, _ path: String, _ json: String, key: String? = nil
    ) async throws -> HTTPAnswer {
        try await HTTP.post(
            "\(api.url)/\(path)", json: json, headers: key.map { [("Idempotency-Key", $0)] } ?? [])
    }

    private func events(_ api: LiveCommandAPI) async -> [RecordedEvent] {
        await api.store.allEvents(of: Engagement.streamCategory)
    }

    /// What may differ from answer to answer.
    private func fields(_ answer: HTTPAnswer) -> [String] {
        ["etag", "location", "content-type", "cache-control", "retry-after"].map {
            "\($0): \(answer.header($0) ?? "none")"
        }
    }

    @Test("answer with the event's identifier alone, ahead of the router and behind it")
    func accepted() async throws {
        try await LiveCommandAPI.run { api async throws in
            for (number, command) in Self.good.enumerated() {
                let hot = try await post(api, command.path, command.json)
                // What has a key goes to the router.
                let routed = try await post(api, command.path, command.json, key: "\(number)")
                for answer in [hot, routed] {
                    #expect(answer.status == 202, "\(answer.body)")
                    #expect(answer.header("etag") == nil)
                    #expect(answer.header("location") == nil)
                    #expect(answer.header("x-request-id") != nil)
                    let id = try Accepted(answer).eventId
                    let event = try #require(await events(api).first { $0.id.description == id })
                    #expect(try EngagementEvent.decode(event) == command.event)
                    #expect(event.stream == Engagement.stream(of: command.event.subject))
                    #expect(event.metadata.correlationID == answer.header("x-request-id"))
                }
                #expect(fields(hot) == fields(routed))
            }
            #expect(await events(api).count == 2 * Self.good.count)
        }
    }

    @Test("count the events of one user and anime without gaps, however many come at once")
    func parallel() async throws {
        try await LiveCommandAPI.run { api async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        let command = Self.good[number % 4]
                        let answer = try await post(api, command.path, command.json)
                        #expect(answer.status == 202)
                    }
                }
                try await group.waitForAll()
            }
            #expect(await events(api).map(\.version) == Array(1...60))
        }
    }

    @Test("go on behind what another process has written")
    func others() async throws {
        try await LiveCommandAPI.run { api async throws in
            let stream = Engagement.stream(of: Self.subject)
            for version: Int64 in 1...3 {
                let event = EngagementEvent.clicked(Self.subject)
                let recorded = RecordedEvent(
                    id: UUIDv7(at: .now()), stream: stream, version: version, type: event.type, schema: event.schema,
                    recordedAt: .now(), data: event.encoded(), metadata: EventMetadata(correlationID: "test"))
                let append = EventAppend(Commit(recorded), writer: WriterID(), sequence: version)
                #expect(try await api.store.append(append) == .appended)
            }
            #expect(try await post(api, "click", Self.good[0].json).status == 202)
            #expect(await events(api).map(\.version) == [1, 2, 3, 4])
        }
    }

    // MARK: Idempotency

    @Test("have with the same key the same answer, and one event")
    func repeats() async throws {
        try await LiveCommandAPI.run { api async throws in
            for command in Self.good.prefix(4) {
                let key = UUID().uuidString
                let first = try await post(api, command.path, command.json, key: key)
                _ = try await post(api, command.path, command.json)
                let count = await events(api).count
                let again = try await post(api, command.path, command.json, key: key)
                #expect((again.status, again.body) == (first.status, first.body))
                #expect(await events(api).count == count)
            }
        }
    }

    @Test(
        "refuse a key that came with something else",
        arguments: [
            ("click", #"{"anime_id":1,"user_id":"a"}"#, #"{"anime_id":2,"user_id":"a"}"#),
            ("click", #"{"anime_id":1,"user_id":"a"}"#, #"{"anime_id":1,"user_id":"A"}"#),
            ("view", #"{"anime_id":1,"user_id":"a"}"#, #"{"anime_id":1,"user_id":"a","duration_seconds":1}"#),
            ("rating", #"{"anime_id":1,"user_id":"a","score":1}"#, #"{"anime_id":1,"user_id":"a","score":10}"#),
        ])
    func otherRequest(path: String, first: String, second: String) async throws {
        try await LiveCommandAPI.run { api async throws in
            #expect(try await post(api, path, first, key: "k").status == 202)
            let other = try await post(api, path, second, key: "k")
            #expect(other.status == 422)
            #expect(other.problemType == "/problems/idempotency-key-reused")
            #expect(await events(api).count == 1)
        }
    }

    @Test("have keys of their own, each kind")
    func scopes() async throws {
        try await LiveCommandAPI.run { api async throws in
            for path in ["click", "view"] {
                #expect(try await post(api, path, Self.good[0].json, key: "k").status == 202)
            }
            #expect(await events(api).count == 2)
        }
    }
}
