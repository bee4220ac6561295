// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRSTesting
import Essentials
import Testing

@testable import CQRS
@testable import CQRSUpkeep

@Suite("Entries beside a document", .timeLimit(.minutes(1)))
struct EntryTests {
    private let broker = InMemoryBroker()
    private let store = InMemoryEventStore()
    private let model = InMemoryReadModel<Tally>()
    private let stream = makeStream()

    private func publish(_ events: [RecordedEvent]) async { for event in events { await broker.publish(event) } }

    private func run(into model: some ReadModel<Tally>, batchSize: Int = 100) async throws {
        try await project(broker, with: TallyProjection.self, history: store, into: model, batchSize: batchSize)
        #expect(broker.depth == 0)
        #expect(broker.deadLetters.isEmpty)
    }

    @Test("are written for the events that add one, in whatever batches and order they come", arguments: [1, 2, 100])
    func projected(batchSize: Int) async throws {
        let events = tallied(stream, [0, 5, 0, 7, 9])
        await publish([events[2], events[0], events[1], events[1], events[4], events[3]])
        await store.append(events)
        try await run(into: model, batchSize: batchSize)
        #expect(model.amounts(of: stream) == [5, 7, 9])
        #expect(model.snapshot[stream]?.total == 21)
    }

    @Test("are written for events that were not delivered, too")
    func healed() async throws {
        let events = tallied(stream, [1, 2, 3, 4])
        await store.append(events)
        await publish([events[3]])
        try await run(into: model)
        #expect(model.amounts(of: stream) == [1, 2, 3, 4])
    }

    @Test("are written again by whoever follows a projector that was cut off before it wrote the document")
    func cutBeforeDocument() async throws {
        await publish(tallied(stream, [5, 7]))
        let cut = CutReadModel(model, .betweenEntriesAndDocument)
        try await run(into: cut)
        #expect(model.snapshot[stream]?.total == 12)
        #expect(model.amounts(of: stream) == [5, 7])
    }

    @Test("go with what they are of")
    func deleted() async throws {
        await publish(tallied(stream, [5, 7, 1000]))
        try await run(into: model, batchSize: 1)
        #expect(model.snapshot[stream]?.isDeleted == true)
        #expect(model.amounts(of: stream).isEmpty)
    }

    @Test("go in the end, although a projector was cut off after the tombstone")
    func cutAfterTombstone() async throws {
        await publish(tallied(stream, [5, 7]))
        try await run(into: model)
        let next = InMemoryBroker()
        await next.publish(tallied(stream, [1000], from: 3)[0])
        try await project(
            next, with: TallyProjection.self, history: store,
            into: CutReadModel(model, .betweenTombstoneAndEntries))
        #expect(model.snapshot[stream]?.isDeleted == true)
        #expect(model.amounts(of: stream).isEmpty)
        #expect(next.depth == 0)
    }

    // MARK: Filling

    @Test("come with the documents that fill a generation, of a stream of any length")
    func filled() async throws {
        let (long, deleted) = (makeStream(), makeStream())
        await store.append(tallied(long, (1...2600).map { 1 + $0 % 900 }))
        await store.append(tallied(deleted, [3, 4, 1000]))
        await store.append(tallied(stream, [0, 5]))
        try await GenerationFill(TallyProjection.self, events: store, model: model, parallel: 2)
            .run(after: nil, onProgress: { _ in }, onPrefix: { _, _ in })
        #expect(model.amounts(of: long) == (1...2600).map { 1 + $0 % 900 })
        #expect(model.snapshot[long]?.version == 2600)
        #expect(model.amounts(of: stream) == [5])
        #expect(model.amounts(of: deleted).isEmpty)
        #expect(try await audit().isEmpty)
    }

    // MARK: Auditing

    private func audit(repairs: Bool = false) async throws -> [ReadModelDifference] {
        var differences: [ReadModelDifference] = []
        _ = try await ReadModelAudit(
            TallyProjection.self, events: store, model: model, patience: .zero
        ).run(repairs: repairs) { difference, isMended in
            differences.append(difference)
            #expect(isMended == repairs)
        }
        return differences
    }

    /// The right document and entries of a stream that adds these.
    private func write(_ stream: StreamID, _ amounts: [Int]) async throws {
        let events = tallied(stream, amounts)
        await store.append(events)
        let broker = InMemoryBroker()
        for event in events { await broker.publish(event) }
        try await project(broker, with: TallyProjection.self, history: store, into: model)
    }

    /// Puts the entries that stay and others in the place of a stream's.
    private func replace(_ stream: StreamID, _ entries: [TallyEntry]) async throws {
        let kept = model.entries.filter { $0.key.stream != stream }
        model.restore(
            kept.merging(entries.map { (EventPosition(stream: stream, version: $0.version), $0) }) { $1 })
    }

    @Test(
        "that are missing, other or too many are found and mended",
        arguments: [
            [TallyEntry(amount: 5, version: 1)],
            [TallyEntry(amount: 5, version: 1), TallyEntry(amount: 6, version: 3)],
            [5, 4, 7].enumerated().map { TallyEntry(amount: $0.element, version: Int64($0.offset) + 1) },
        ])
    func audited(entries: [TallyEntry]) async throws {
        try await write(stream, [5, 0, 7, 0])
        try await write(makeStream(), [1, 2, 3])
        #expect(try await audit().isEmpty)
        try await replace(stream, entries)
        let version: Int64 = entries.count == 3 ? 2 : 3
        let expected = ReadModelDifference(stream: stream, kind: .entry(at: version), stored: 4, expected: 4)
        #expect(try await audit() == [expected])
        #expect(try await audit(repairs: true) == [expected])
        #expect(model.amounts(of: stream) == [5, 7])
        #expect(try await audit().isEmpty)
    }

    @Test("that a deleted one has left are found and removed")
    func auditedTombstone() async throws {
        try await write(stream, [5, 7, 1000])
        try await replace(stream, [TallyEntry(amount: 7, version: 2)])
        #expect(try await audit(repairs: true).map(\.kind) == [.entry(at: 2)])
        #expect(model.amounts(of: stream).isEmpty)
    }

    @Test("that the document does not reflect yet are no difference")
    func auditedAhead() async throws {
        try await write(stream, [5])
        try await replace(stream, [TallyEntry(amount: 5, version: 1), TallyEntry(amount: 9, version: 2)])
        #expect(try await audit().isEmpty)
    }

    // MARK: Another history

    @Test("are made anew with their document, and those of the history before are gone")
    func remade() async throws {
        try await write(stream, [5, 7, 9])
        // The event store was restored from a backup, and the stream went on otherwise.
        let restored = InMemoryEventStore()
        let events = [
            RecordedEvent.count(stream, 1, adding: 5), .count(stream, 2, adding: 0, at: .now()),
        ]
        await restored.append(events)
        let broker = InMemoryBroker()
        await broker.publish(events[1])
        try await project(broker, with: TallyProjection.self, history: restored, into: model)
        #expect(model.snapshot[stream]?.total == 5)
        #expect(model.amounts(of: stream) == [5])
    }
}
