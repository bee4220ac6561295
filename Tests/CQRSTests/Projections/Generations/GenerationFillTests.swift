// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRSTesting
import Synchronization
import Testing

@testable import CQRS
@testable import CQRSUpkeep

@Suite("Filling a generation", .timeLimit(.minutes(1)))
struct GenerationFillTests {
    private let store = InMemoryEventStore()
    private let model = InMemoryReadModel<Count>()

    private func makeStream(through last: Int64) async -> StreamID {
        let stream = CQRSTests.makeStream()
        await store.append(makeHistory(of: stream, through: last))
        return stream
    }

    private func document(_ version: Int64) -> Count {
        Count(total: Int(version * (version + 1) / 2), version: version)
    }

    private func fill(
        after stream: StreamID? = nil, onPrefix: (StreamID?, FillProgress) async throws -> Void = { _, _ in }
    ) async throws -> FillProgress {
        var last = FillProgress()
        try await GenerationFill(
            CountProjection.self, events: store, model: model, parallel: 4
        ).run(after: stream) {
            last = $0
        } onPrefix: {
            try await onPrefix($0, $1)
        }
        return last
    }

    @Test("makes a document of every stream, however long and however many")
    func all() async throws {
        var expected: [StreamID: Count] = [:]
        for _ in 0..<6000 { expected[await makeStream(through: 1)] = document(1) }
        expected[await makeStream(through: 4500)] = document(4500)
        for version in Int64(1)...20 { expected[await makeStream(through: version)] = document(version) }
        let done = try await fill()
        #expect(model.snapshot == expected)
        #expect(done.events == 6000 + 4500 + 210)
        #expect(done.documents == 6021)
        #expect(done.stopped == 0)
    }

    @Test("makes documents of commits of several events, on whichever of them a page ends")
    func commits() async throws {
        var expected: [StreamID: Count] = [:]
        for size in [1, 3, 7, 99] {
            let stream = CQRSTests.makeStream()
            _ = await store.append(makeHistory(of: stream, through: 2500), commitsOf: size)
            expected[stream] = document(2500)
        }
        let done = try await fill()
        #expect(model.snapshot == expected)
        #expect(done.events == 10_000)
        #expect(done.commits == 2500 + 834 + 358 + 26)
    }

    @Test("leaves what is newer, and brings up what is older, whoever wrote it")
    func conflicts() async throws {
        let (older, same, newer, absent) = (
            await makeStream(through: 5), await makeStream(through: 5), await makeStream(through: 5),
            await makeStream(through: 5)
        )
        for (stream, version) in [(older, Int64(3)), (same, 5), (newer, 9)] {
            _ = await model.write([ReadModelChange(stream: stream, baseVersion: 0, document: document(version))])
        }
        _ = try await fill()
        #expect(
            model.snapshot == [older: document(5), same: document(5), newer: document(9), absent: document(5)])
    }

    @Test("never stays behind beside projectors that write the same documents")
    func besideProjectors() async throws {
        let streams = (0..<50).map { _ in CQRSTests.makeStream() }
        for stream in streams { await store.append(makeHistory(of: stream, through: 20)) }
        let broker = InMemoryBroker()
        for version in Int64(1)...20 {
            for stream in streams { await broker.publish(.count(stream, version, adding: Int(version))) }
        }
        let (store, model) = (store, model)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await project(broker, history: store, into: model, batchSize: 7) }
            group.addTask { for _ in 0..<5 { _ = try await fill() } }
            try await group.waitForAll()
        }
        #expect(model.snapshot == Dictionary(uniqueKeysWithValues: streams.map { ($0, document(20)) }))
    }

    @Test("makes of a stream with an event that cannot be applied what comes before it, and counts it")
    func unappliable() async throws {
        let (stopped, never) = (CQRSTests.makeStream(), CQRSTests.makeStream())
        await store.append([
            .count(stopped, 1, adding: 1), .count(stopped, 2, adding: 2), .count(stopped, 3, adding: -1),
            .count(stopped, 4, adding: 4),
        ])
        await store.append([.count(never, 1, adding: -1)])
        let good = await makeStream(through: 2)
        let done = try await fill()
        #expect(model.snapshot == [stopped: document(2), good: document(2)])
        #expect(done.stopped == 2)
        #expect(done.documents == 2)
    }

    @Test("tells of the streams that are all done, in order, and goes on behind them without a gap")
    func resume() async throws {
        var streams: [StreamID] = []
        for _ in 0..<9000 { streams.append(await makeStream(through: 1)) }
        var reached: [StreamID?] = []
        var counts: [Int] = []
        _ = try await fill { stream, done in
            reached.append(stream)
            counts.append(done.events)
        }
        #expect(reached.count == 3)
        #expect(reached.last == .some(nil))
        #expect(counts == [4000, 8000, 9000])
        // From the middle on, into a generation where somebody has lost everything before.
        await model.drop()
        let rest = try await fill(after: reached[0])
        #expect(rest.events == 5000)
        #expect(Set(model.snapshot.keys) == Set(streams.sorted { $0.name < $1.name }.suffix(5000)))
    }
}
