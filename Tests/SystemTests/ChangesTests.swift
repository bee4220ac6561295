// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("Changes as they happen, over HTTP", .serialized, .timeLimit(.minutes(5)))
    struct ChangesTests {
        @Test("5,000 changes are each told once, over two reconnects, one of them to another process")
        func exactlyOnce() async throws {
            try await TestSystem.run { system, services in
                let subscriber = Subscriber("\(system.queryAPI.url)/users/changes")
                // The place before the first event is enough to lose none.
                try await subscriber.connect()
                async let posting: Void = inParallel(8, count: 4600) { number in
                    let answer = try await PersistentClient(system: system).register(email(number))
                    guard answer.status == 202 else { throw UnexpectedAnswer(answer) }
                }
                try await subscriber.read { subscriber.told.count >= 1500 }
                try await services.killAndRestart(system.queryAPI)
                try await subscriber.read { subscriber.told.count >= 3000 }
                try await posting
                try await subscriber.read { subscriber.told.count >= 4600 }
                // Everybody is there at version 1; each of these makes one more change.
                async let changing: Void = inParallel(8, count: 400) { number in
                    let path = "/users/\(email(number))"
                    let answer = try await PersistentClient(system: system).send(
                        number < 300 ? "PATCH" : "DELETE", path, json: number < 300 ? #"{"name":"Augusta"}"# : nil)
                    guard answer.status == 202 else { throw UnexpectedAnswer(answer) }
                }
                try await subscriber.read { subscriber.told.count >= 5000 }
                try await changing
                #expect(subscriber.told.count == 5000)
                #expect(subscriber.told.count { $0.name == "deleted" } == 100)
                #expect(subscriber.told.count { $0.data.contains("Augusta") } == 300)
                #expect(!subscriber.told.contains { $0.name == "reset" })
                #expect(Set(subscriber.told.map(\.id)).count == 5000)
                let versions = try subscriber.told.map {
                    try JSONDecoder().decode(ToldUser.self, from: Data($0.data.utf8))
                }
                #expect(Set(versions).count == 5000)
                print("changes told: \(subscriber.told.count), connections: \(subscriber.connections)")
            }
        }

        private func email(_ number: Int) -> String { "user\(number)@changes.example.org" }
    }
}

private struct ToldUser: Decodable, Hashable {
    let id: String
    let version: Int
}

/// A client of `/users/changes` that keeps its place.
private final class Subscriber: Sendable {
    private let url: String
    private let events = Collected<ReceivedEvent>()
    private let ids = Collected<String>()
    private let opened = Counter()

    init(_ url: String) { self.url = url }

    /// All that was told, over all connections.
    var told: [ReceivedEvent] { events.all }
    var connections: Int { opened.value }

    /// Connects, and leaves once it has a place.
    func connect() async throws {
        let answer = try await open()
        for try await line in answer.lines where line.hasPrefix("id: ") {
            ids.add(String(line.dropFirst(4)))
            return
        }
    }

    /// Reads until a condition holds, then leaves.
    func read(until isDone: () -> Bool) async throws {
        let answer = try await open()
        let ids = ids
        for try await event in answer.events(onID: { ids.add($0) }) {
            events.add(event)
            if isDone() { return }
        }
        throw Ended()
    }

    private func open() async throws -> StreamedAnswer {
        var answer: StreamedAnswer?
        try await eventually("subscribed") {
            answer = try? await HTTP.open(self.url, headers: self.ids.all.last.map { [("Last-Event-ID", $0)] } ?? [])
            return answer?.status == 200
        }
        guard let answer else { throw Ended() }
        opened.add()
        return answer
    }

    private struct Ended: Error {}
}
