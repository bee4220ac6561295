// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import TestSupport
import Testing

@testable import CQRSUpkeep

@Suite("Comparing a read model with the event store", .timeLimit(.minutes(1)))
struct ReadModelAuditTests {
    private let store = InMemoryEventStore()
    private let model = InMemoryReadModel<Count>()

    /// A stream with events up to a version and its right document.
    private func makeStream(through last: Int64, stored: Bool = true) async -> StreamID {
        let stream = CQRSTests.makeStream()
        await store.append(makeHistory(of: stream, through: last))
        if stored { await write(stream, Count(total: total(last), version: last)) }
        return stream
    }

    private func total(_ version: Int64) -> Int { Int(version * (version + 1) / 2) }

    private func write(_ stream: StreamID, _ count: Count, over base: Int64 = 0) async {
        _ = await model.write([ReadModelChange(stream: stream, baseVersion: base, document: count)])
    }

    private func audit(
        repairs: Bool = false, patience: Duration = .zero
    ) async throws -> (differences: [ReadModelDifference], mended: [Bool], progress: AuditProgress) {
        var differences: [ReadModelDifference] = []
        var mended: [Bool] = []
        let progress = try await ReadModelAudit(
            CountProjection.self, events: store, model: model, patience: patience
        ).run(repairs: repairs) {
            differences.append($0)
            mended.append($1)
        }
        #expect(progress.differences == differences.count)
        #expect(progress.repaired == mended.count { $0 })
        return (differences, mended, progress)
    }

    @Test("finds nothing wrong with what is right, and counts it")
    func clean() async throws {
        #expect(try await audit().progress == AuditProgress())
        for version in Int64(1)...50 { _ = await makeStream(through: version) }
        let result = try await audit()
        #expect(result.differences.isEmpty)
        #expect(result.progress.events == 1275)
        #expect(result.progress.streams == 50)
    }

    @Test("tells sums that are not what the documents add up to, and mends them if asked to")
    func sums() async throws {
        for version in Int64(1)...5 { _ = await makeStream(through: version) }
        let wrong = SumKey(Count.totals, "all")
        var error = SumChanges()
        error.add(wrong, [7, 0])
        model.add(error)
        for repairs in [false, true, false] {
            var found: [SumDifference] = []
            let progress = try await ReadModelAudit(CountProjection.self, events: store, model: model).run(
                repairs: repairs
            ) { difference, _ in
                Issue.record("the documents are right: \(difference)")
            } onSumDifference: {
                found.append($0)
                #expect($1 == repairs)
            }
            let isMended = model.sums[wrong] == [35, 5]
            #expect(
                found == (isMended && !repairs ? [] : [SumDifference(key: wrong, stored: [42, 5], expected: [35, 5])]))
            #expect(progress.rows == 1)
            #expect((progress.differences, progress.repaired) == (found.count, repairs ? 1 : 0))
        }
        #expect(model.sums[wrong] == [35, 5])
    }

    @Test("counts commits, as the event store says how many there are, and their events")
    func commits() async throws {
        _ = await store.append(makeHistory(of: CQRSTests.makeStream(), through: 100), commitsOf: 7)
        let progress = try await audit().progress
        #expect(progress.events == 100)
        #expect(progress.commits == 15)
        #expect(await store.count("count") == 15)
    }

    @Test("is content with a document that is always written to, once it has come up to what was there")
    func moving() async throws {
        let stream = await makeStream(through: 5, stored: false)
        await write(stream, Count(total: total(3), version: 3))
        // Each look finds one event more than the document reflects.
        let moving = MovingModel(model) { [store, model, write] in
            let stored = model.snapshot[stream]?.version ?? 0
            await store.append([.count(stream, stored + 3, adding: Int(stored) + 3)])
            await write(stream, Count(total: Int((stored + 1) * (stored + 2) / 2), version: stored + 1), stored)
        }
        var differences = 0
        let progress = try await ReadModelAudit(
            CountProjection.self, events: store, model: moving, patience: .seconds(50)
        ).run { _, _ in differences += 1 }
        #expect(differences == 0)
        #expect(progress.streams == 1)
    }

    @Test("finds a document that stands within a commit behind, and brings it to the commit's end")
    func withinCommits() async throws {
        let stream = CQRSTests.makeStream()
        _ = await store.append(makeHistory(of: stream, through: 8), commitsOf: 4)
        await write(stream, Count(total: total(6), version: 6))
        let result = try await audit(repairs: true)
        #expect(result.differences.map(\.kind) == [.behind])
        #expect(result.mended == [true])
        #expect(model.snapshot[stream]?.version == 8)
    }

    @Test("names each kind of difference, mends what can be mended, and finds nothing afterwards")
    func kinds() async throws {
        _ = await makeStream(through: 3)
        let missing = await makeStream(through: 2, stored: false)
        let behind = await makeStream(through: 5, stored: false)
        await write(behind, Count(total: total(3), version: 3))
        let ahead = await makeStream(through: 2, stored: false)
        await write(ahead, Count(total: 99, version: 7))
        let different = await makeStream(through: 4, stored: false)
        await write(different, Count(total: 1, version: 4))
        let differentAndBehind = await makeStream(through: 4, stored: false)
        await write(differentAndBehind, Count(total: 1, version: 2))
        let extra = CQRSTests.makeStream()
        await write(extra, Count(total: 1, version: 1))

        let expected = [
            ReadModelDifference(stream: missing, kind: .missing, stored: 0, expected: 2),
            ReadModelDifference(stream: behind, kind: .behind, stored: 3, expected: 5),
            ReadModelDifference(stream: ahead, kind: .ahead, stored: 7, expected: 2),
            ReadModelDifference(stream: different, kind: .different(fields: ["total"]), stored: 4, expected: 4),
            ReadModelDifference(
                stream: differentAndBehind, kind: .different(fields: ["total"]), stored: 2, expected: 4),
            ReadModelDifference(stream: extra, kind: .extra, stored: 1, expected: 0),
        ].sorted { $0.stream.name < $1.stream.name }
        let found = try await audit()
        #expect(found.differences.sorted { $0.stream.name < $1.stream.name } == expected)
        #expect(found.mended.allSatisfy { !$0 })

        let repaired = try await audit(repairs: true)
        #expect(repaired.differences.count == 6)
        #expect(repaired.mended.allSatisfy { $0 })
        #expect(try await audit().differences.isEmpty)
        #expect(model.snapshot[extra] == nil)
        #expect(model.snapshot[ahead] == Count(total: 3, version: 2))
        #expect(model.snapshot[differentAndBehind] == Count(total: 10, version: 4))
    }

    @Test("says where an event stops a stream, and does not claim to have mended it")
    func stopped() async throws {
        let stream = CQRSTests.makeStream()
        await store.append([
            .count(stream, 1, adding: 1), .count(stream, 2, adding: 1), .count(stream, 3, adding: -1),
            .count(stream, 4, adding: 1),
        ])
        // First there is no document even for what can be applied: that is made, and still it is not all.
        let missing = try await audit(repairs: true)
        #expect(missing.differences.map(\.kind) == [.missing])
        #expect(missing.mended == [false])
        #expect(model.snapshot[stream] == Count(total: 2, version: 2))
        let result = try await audit(repairs: true)
        #expect(result.differences.map(\.kind) == [.stopped(at: 3, .invalidData)])
        #expect(result.mended == [false])
        #expect(model.snapshot[stream] == Count(total: 2, version: 2))
    }

    @Test("gives a document that is late the time it needs")
    func late() async throws {
        let streams = [await makeStream(through: 3, stored: false), await makeStream(through: 2, stored: false)]
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let result = try await audit(patience: .seconds(60))
                #expect(result.differences.isEmpty)
            }
            group.addTask {
                for _ in 0..<100 { await Task.yield() }
                await write(streams[0], Count(total: 6, version: 3))
                await write(streams[1], Count(total: 3, version: 2))
            }
            try await group.waitForAll()
        }
    }

    @Test("holds streams of any length and any number against their documents")
    func large() async throws {
        let long = await makeStream(through: 4500, stored: false)
        await write(long, Count(total: total(4499), version: 4499))
        for _ in 0..<2000 { _ = await makeStream(through: 1) }
        var extras: Set<StreamID> = []
        for _ in 0..<1200 {
            let extra = CQRSTests.makeStream()
            extras.insert(extra)
            await write(extra, Count(total: 1, version: 1))
        }
        let result = try await audit()
        #expect(result.differences.filter { $0.kind == .behind }.map(\.stream) == [long])
        #expect(Set(result.differences.filter { $0.kind == .extra }.map(\.stream)) == extras)
        #expect(result.differences.count == 1201)
        #expect(result.progress.events == 6500)
    }

    @Test("never calls it a difference when commands go on meanwhile")
    func underLoad() async throws {
        let stop = Flag()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for _ in 0..<30 {
                    let result = try await audit(patience: .seconds(60))
                    #expect(result.differences.isEmpty)
                }
                stop.set()
            }
            group.addTask {
                let streams = (0..<20).map { _ in CQRSTests.makeStream() }
                var version: Int64 = 0
                // Bounded: an audit reads what is there, and must not be outrun for ever.
                while !stop.isSet, version < 100 {
                    version += 1
                    for stream in streams {
                        await store.append([.count(stream, version, adding: Int(version))])
                        await Task.yield()
                        await write(stream, Count(total: total(version), version: version), over: version - 1)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

/// A read model that goes on, and its events with it, whenever somebody has looked.
private struct MovingModel: AuditableReadModel {
    private let model: InMemoryReadModel<Count>
    private let afterLook: @Sendable () async -> Void

    init(_ model: InMemoryReadModel<Count>, afterLook: @escaping @Sendable () async -> Void) {
        self.model = model
        self.afterLook = afterLook
    }

    func load(_ streams: Set<StreamID>) async throws -> [StreamID: Count] {
        let found = model.snapshot.filter { streams.contains($0.key) }
        await afterLook()
        return found
    }

    func first(where field: ReadModelField<Count>, equals value: String) async throws -> Count? { nil }
    func prepare() async throws {}
    func write(_ changes: [ReadModelChange<Count>]) async throws -> Set<StreamID> { await model.write(changes) }
    func streams(after stream: StreamID?, limit: Int) async -> [StreamID] {
        await model.streams(after: stream, limit: limit)
    }
    func remove(_ stream: StreamID, at version: Int64) async -> Bool {
        await model.remove(stream, at: version)
    }
    func compareSums(_ found: ([SumDifference]) async throws -> Void) async throws -> Int {
        try await model.compareSums(found)
    }
    func mend(_ differences: [SumDifference]) async { await model.mend(differences) }
}
