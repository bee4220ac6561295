// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Synchronization
import TestSupport
import Testing

@testable import CQRSUpkeep

@Suite("A watch for lost messages", .timeLimit(.minutes(1)))
struct LossWatchTests {
    private final class Ledger: ArrivalLedger {
        let kept = Mutex<ArrivalMarks?>(nil)

        func marks() async -> ArrivalMarks? { kept.withLock { $0 } }
        func keep(_ marks: ArrivalMarks) async { kept.withLock { $0 = marks } }

        /// How far it was looked after a writer.
        func mark(_ writer: WriterID) -> RelayProgress? { kept.withLock { $0?.writers[writer] } }
    }

    private let store = InMemoryEventStore()
    private let model = InMemoryReadModel<Count>()
    private let ledger = Ledger()
    private let writer = WriterID()

    /// Watches a queue that is always empty while a body runs.
    private func watching(isEmpty: Bool = true, _ body: () async throws -> Void) async throws {
        let sightings = QueueSightings()
        let watch = LossWatch(
            CountProjection.self, name: "test", events: store, model: model, queue: sightings,
            ledger: ledger, patience: .zero, logger: quietLogger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await watch.run { true } }
            group.addTask {
                // As somebody does who looks at the queue again and again.
                while !Task.isCancelled {
                    sightings.saw(isEmpty ? 0 : 1, at: .now)
                    try? await Task.sleep(for: .milliseconds(1))
                }
            }
            defer { group.cancelAll() }
            try await eventually("a beginning") { await ledger.marks() != nil }
            try await body()
        }
    }

    /// Publishes an event as the relay does, after which it is in the model or was lost.
    private func publish(_ number: Int64, lost: Bool) async {
        let event = RecordedEvent.count(makeStream(), 1, adding: Int(number))
        _ = await store.append(EventAppend(Commit(event), writer: writer, sequence: number))
        guard !lost else { return }
        _ = await model.write([
            ReadModelChange(
                stream: event.stream, baseVersion: 0,
                document: Count(total: Int(number), version: 1, updatedAt: event.recordedAt))
        ])
    }

    @Test("notices that the last event of a commit is lost")
    func lostOfCommit() async throws {
        await store.checkpoint(writer, RelayProgress(published: 0))
        let commit = Commit.count(makeStream(), 1, adding: 1, 1)
        try await watching {
            _ = await store.append(EventAppend(commit, writer: writer, sequence: 1))
            _ = await model.write([
                ReadModelChange(stream: commit.stream, baseVersion: 0, document: Count(total: 1, version: 1))
            ])
            await store.checkpoint(writer, RelayProgress(revision: 1, published: 1))
            try await eventually("healed") { model.snapshot[commit.stream]?.version == 2 }
        }
    }

    @Test("applies what was published and is neither in the queue nor applied, and looks at all else no more")
    func lost() async throws {
        await store.checkpoint(writer, RelayProgress(published: 0))
        try await watching {
            for number in Int64(1)...20 { await publish(number, lost: number == 7) }
            // A number that no event has, and one that is not published yet.
            await publish(22, lost: true)
            await store.checkpoint(writer, RelayProgress(revision: 1, published: 22, setAside: [22]))
            try await eventually("healed") { model.snapshot.count == 20 }
            try await eventually("looked after") {
                ledger.mark(writer) == RelayProgress(published: 22, setAside: [22])
            }
            #expect(model.snapshot.count == 20)
            await store.checkpoint(writer, RelayProgress(revision: 2, published: 22))
            try await eventually("the belated one, too") { model.snapshot.count == 21 }
        }
    }

    @Test("finds a small part of very many")
    func few() async throws {
        await store.checkpoint(writer, RelayProgress(published: 0))
        try await watching {
            for number in Int64(1)...5000 { await publish(number, lost: (1234..<1244).contains(number)) }
            await store.checkpoint(writer, RelayProgress(revision: 1, published: 5000))
            try await eventually("healed", within: .seconds(30)) { model.snapshot.count == 5000 }
        }
    }

    @Test("notices what was lost while nobody watched, of writers that live or came and went meanwhile")
    func whileAway() async throws {
        await store.checkpoint(writer, RelayProgress(published: 0))
        try await watching {}
        await publish(1, lost: true)
        await store.remove(writer)
        let other = WriterID()
        let event = EventAppend(.count(makeStream(), 1, adding: 1), writer: other, sequence: 1)
        #expect(await store.append(event) == .appended)
        try await watching {
            try await eventually("healed") { model.snapshot.count == 2 }
            try await eventually("looked after") { await ledger.marks()?.writers.isEmpty == true }
        }
        #expect(ledger.kept.withLock { $0?.newest } == max(writer, other))
    }

    @Test("waits for what may still be in the queue")
    func queued() async throws {
        await store.checkpoint(writer, RelayProgress(published: 0))
        try await watching(isEmpty: false) {
            await publish(1, lost: true)
            await store.checkpoint(writer, RelayProgress(revision: 1, published: 1))
        }
        #expect(model.snapshot.isEmpty)
        #expect(ledger.mark(writer) == RelayProgress(published: 0))
    }
}
