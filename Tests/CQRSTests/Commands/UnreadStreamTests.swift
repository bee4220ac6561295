// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import TestSupport
import Testing

@Suite("Commands on streams that are not read", .timeLimit(.minutes(1)))
struct UnreadStreamTests {
    private typealias Handler = CommandHandler<TallyDecider>

    private let store = ForgetfulStore()
    private let stream = makeStream()

    /// Runs a body with what makes handlers, each like another process that knows of no stream.
    private func withHandlers(_ body: (() -> Handler) async throws -> Void) async throws {
        try await withRelay(store, SwitchedBroker()) { outbox in
            _ = try await append(.count(makeStream(), 1, adding: 1), to: outbox)
            try await body { CommandHandler(store: store, outbox: outbox) }
        }
    }

    @discardableResult
    private func add(
        _ amounts: Int..., by handler: Handler, key: String? = nil, payload: String = "p", at time: Timestamp = .now(),
        expecting versions: Set<Int64>? = nil
    ) async throws -> CommandOutcome<TallyDecider.State> {
        let idempotency = key.map { IdempotencyKey(scope: "tally", key: $0, fingerprint: payload) }
        return try await handler.handle(
            .add(amounts), on: .any(stream),
            context: CommandContext(
                time: time, metadata: EventMetadata(correlationID: "test", idempotency: idempotency),
                expectedVersions: versions))
    }

    private func events() async -> [RecordedEvent] { await store.read(stream, after: 0, limit: 1000) }

    /// Puts events into the store, as another process has.
    private func fill(commitsOf sizes: [Int]) async throws {
        var version: Int64 = 1
        for size in sizes {
            let events = (0..<Int64(size)).map { RecordedEvent.count(stream, version + $0, adding: 1) }
            let commit = Commit(
                events[0],
                events.dropFirst().map { event in
                    var event = event
                    event.recordedAt = events[0].recordedAt
                    return event
                })
            let outcome = await store.inner.append(EventAppend(commit, writer: WriterID(), sequence: version))
            #expect(outcome == .appended)
            version += Int64(size)
        }
    }

    @Test("append one behind the other, and read nothing")
    func appending() async throws {
        try await withHandlers { make async throws in
            let handler = make()
            let first = try await add(3, by: handler)
            #expect((first.version, first.state.total) == (1, 3))
            let second = try await add(4, 5, by: handler)
            #expect(second.version == 3)
            // What was before counts for nothing.
            #expect(second.state.total == 9)
            #expect((store.read.value, store.lookups.value, store.conflicts.value) == (0, 0, 0))
            #expect(await events().map(\.version) == [1, 2, 3])
        }
    }

    @Test("get versions without gaps when many come at once")
    func manyAtOnce() async throws {
        try await withHandlers { make async throws in
            let handler = make()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 { group.addTask { try await add(number, by: handler) } }
                try await group.waitForAll()
            }
            #expect(await events().map(\.version) == Array(1...200))
            #expect(store.conflicts.value == 0)
        }
    }

    @Test("get versions without gaps from several processes, whoever is in between")
    func severalProcesses() async throws {
        try await withHandlers { make async throws in
            let handlers = [make(), make()]
            for number in 0..<20 { try await add(number, by: handlers[number / 2 % 2]) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for handler in handlers {
                    group.addTask { for number in 0..<20 { try await add(number, by: handler) } }
                }
                try await group.waitForAll()
            }
            #expect(await events().map(\.version) == Array(1...60))
        }
    }

    @Test(
        "find by one look where a stream ends that others have written",
        arguments: [[1], [1, 1, 1], [3, 4], [1, 100]])
    func cold(sizes: [Int]) async throws {
        try await fill(commitsOf: sizes)
        try await withHandlers { make async throws in
            let handler = make()
            let count = Int64(sizes.reduce(0, +))
            #expect(try await add(1, by: handler).version == count + 1)
            #expect((store.conflicts.value, store.lookups.value) == (1, 1))
            #expect(try await add(1, by: handler).version == count + 2)
            #expect((store.conflicts.value, store.lookups.value) == (1, 1))
        }
    }

    @Test("are recorded no earlier than what is known to be before them")
    func clocks() async throws {
        let now = Timestamp.now()
        let ahead = Timestamp(millisecondsSinceEpoch: now.millisecondsSinceEpoch + 3_600_000)
        try await withHandlers { make async throws in
            let handler = make()
            try await add(1, by: handler, at: ahead)
            let event = try #require(try await add(1, by: handler, at: now).event)
            #expect((event.recordedAt, event.id.time) == (ahead, ahead))
            #expect(try await add(1, by: make(), at: now).event?.recordedAt == ahead)
        }
    }

    @Test("with a key that was used have its first answer, whatever has happened since")
    func repeats() async throws {
        try await withHandlers { make async throws in
            let handler = make()
            try await add(1, by: handler)
            let first = try await add(2, 3, by: handler, key: "k")
            try await add(4, by: handler)
            for handler in [handler, make()] {
                let again = try await add(2, 3, by: handler, key: "k")
                #expect(again.event == first.event)
                #expect((again.version, again.state) == (3, first.state))
            }
            await #expect(throws: CommandRefusal.idempotencyKeyReused) {
                try await add(9, by: handler, key: "k", payload: "q")
            }
            let outcomes = try await withThrowingTaskGroup(of: CommandOutcome<TallyDecider.State>.self) { group in
                for _ in 0..<20 { group.addTask { try await add(5, by: handler, key: "other") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(outcomes.map(\.event?.id)).count == 1)
            #expect(await events().map(\.version) == [1, 2, 3, 4, 5])
        }
    }

    @Test("that change nothing have the same answer again, too")
    func unchanged() async throws {
        try await withHandlers { make async throws in
            let handler = make()
            let first = try await add(by: handler, key: "k")
            try await add(1, by: handler)
            let again = try await add(by: handler, key: "k")
            #expect((again.event, again.version, again.state) == (nil, first.version, first.state))
        }
    }

    @Test("are not held against versions that the sender expects, as nobody knows the entity's")
    func expectedVersions() async throws {
        try await withHandlers { make async throws in
            let handler = make()
            try await add(1, by: handler)
            #expect(try await add(1, by: handler, expecting: [7]).version == 2)
        }
    }

    @Test("go on behind what an append left whose answer was lost", arguments: [true, false])
    func lostAnswer(isApplied: Bool) async throws {
        try await withHandlers { make async throws in
            let handler = make()
            store.answer(isApplied ? .lostAfterAppend : .lostWithoutAppend)
            await #expect(throws: AppendOutcomeUnknown.self) { try await add(1, by: handler) }
            store.answer(.given)
            #expect(try await add(1, by: handler).version == (isApplied ? 2 : 1))
        }
    }

    @Test("give up on a stream that others are always ahead of")
    func bounded() async throws {
        try await withHandlers { make async throws in
            store.answer(.conflict)
            await #expect(throws: CommandRefusal.raceLost) { try await add(1, by: make()) }
            #expect(store.lookups.value == 32)
        }
    }
}
