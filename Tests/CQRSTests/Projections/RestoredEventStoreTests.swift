// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import TestSupport
import Testing

/// After the event store was restored from a backup a stream goes on from an earlier version, with other events.
@Suite("A projector whose event store was restored", .timeLimit(.minutes(1)))
struct RestoredEventStoreTests {
    /// An event store that counts how often it is read.
    private struct CountedHistory: EventHistory {
        let store: InMemoryEventStore
        let reads = Counter()

        func read(_ stream: StreamID, after version: Int64, limit: Int) async -> [RecordedEvent] {
            reads.add()
            return await store.read(stream, after: version, limit: limit)
        }
    }

    private let stream = makeStream()
    private let model = InMemoryReadModel<Count>()
    private let history = CountedHistory(store: InMemoryEventStore())

    private func event(_ version: Int64, adding amount: Int, at time: Int64) -> RecordedEvent {
        .count(stream, version, adding: amount, at: Timestamp(millisecondsSinceEpoch: time))
    }

    private func deliver(_ events: [RecordedEvent], batchSize: Int = 100) async throws {
        let broker = InMemoryBroker()
        for event in events { await broker.publish(event) }
        try await project(broker, history: history, into: model, batchSize: batchSize)
        #expect(broker.depth == 0)
        #expect(broker.deadLetters.isEmpty)
    }

    /// Three events, of which the store has lost all but the first.
    private func loseAllButOne() async throws -> [RecordedEvent] {
        let before = [event(1, adding: 1, at: 1), event(2, adding: 10, at: 2), event(3, adding: 100, at: 3)]
        try await deliver(before)
        #expect(model.snapshot[stream]?.total == 111)
        await history.store.append([before[0]])
        return before
    }

    @Test("takes an event with a known version and another identity for a new one, and makes the document anew")
    func sameVersion() async throws {
        _ = try await loseAllButOne()
        let after = [event(2, adding: 20, at: 5), event(3, adding: 200, at: 6)]
        await history.store.append(after)
        // The one before was never delivered.
        try await deliver([after[1]])
        #expect(model.snapshot[stream]?.total == 221)
        #expect(model.snapshot[stream]?.version == 3)
    }

    @Test("goes back to an earlier version if that is what the events say, and on from there", arguments: [1, 100])
    func earlierVersion(batchSize: Int) async throws {
        _ = try await loseAllButOne()
        let next = event(2, adding: 20, at: 5)
        await history.store.append([next])
        try await deliver([next])
        #expect(model.snapshot[stream]?.total == 21)
        #expect(model.snapshot[stream]?.version == 2)
        let more = [event(3, adding: 200, at: 6), event(4, adding: 2000, at: 7)]
        await history.store.append(more)
        try await deliver(more, batchSize: batchSize)
        #expect(model.snapshot[stream]?.total == 2221)
    }

    @Test("ignores a message from before that comes late, alone or beside the event in its place", arguments: [1, 100])
    func lateMessage(batchSize: Int) async throws {
        let before = try await loseAllButOne()
        let next = event(2, adding: 20, at: 5)
        await history.store.append([next])
        try await deliver([before[1], next, before[1]], batchSize: batchSize)
        #expect(model.snapshot[stream]?.total == 21)
        try await deliver([before[1]])
        #expect(model.snapshot[stream]?.total == 21)
        #expect(model.snapshot[stream]?.version == 2)
    }

    @Test("reads nothing from the event store for ordinary repeats")
    func repeats() async throws {
        let events = (Int64(1)...5).map { event($0, adding: 1, at: 10 * $0) }
        await history.store.append(events)
        try await deliver(events + events)
        try await deliver(Array(events.reversed()), batchSize: 1)
        #expect(model.snapshot[stream]?.total == 5)
        #expect(history.reads.value == 0)
    }
}
