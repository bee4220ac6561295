// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRSTesting
import Essentials
import TestSupport
import Testing

@testable import CQRS
@testable import CQRSServing

@Suite("A read model that has generations", .timeLimit(.minutes(1)))
struct ServingReadModelTests {
    private let bench = RebuildBench()
    private let owner = UUIDv7(at: .now())
    private let old = Generation(1)
    private let new = Generation(2)

    /// A field that this document's total makes.
    private static let byTotal = ReadModelField<Count>("total") { $0.total == 0 ? nil : "\($0.total)" }

    private func put(_ stream: StreamID, _ total: Int, _ version: Int64, in generation: Generation) async {
        let model = bench.model(generation)
        let base = await model.load([stream])[stream]?.version ?? 0
        _ = await model.write([
            ReadModelChange(stream: stream, baseVersion: base, document: Count(total: total, version: version))
        ])
    }

    private func change(_ body: (inout GenerationState) -> Void) async throws {
        var record = try #require(await bench.registry.take("counts", for: owner, silentFor: .zero))
        body(&record.state)
        #expect(await bench.registry.write(record, of: "counts", as: owner) != nil)
    }

    private func readingBoth() async throws -> ServingReadModel<InMemoryReadModel<Count>> {
        try await change { state in
            state.standby = new
            state.handover = .joined
        }
        return ServingReadModel(bench.makeFollower()) { bench.model($0) }
    }

    @Test("is the serving generation, and nothing else, when there is no switch")
    func serving() async throws {
        let stream = makeStream()
        await put(stream, 1, 1, in: old)
        await put(stream, 9, 9, in: new)
        let model = ServingReadModel(bench.makeFollower()) { bench.model($0) }
        #expect(try await model.first(where: Self.byTotal, equals: "1")?.version == 1)
        #expect(try await model.first(where: Self.byTotal, equals: "9") == nil)
        #expect(try await model.load([stream])[stream]?.version == 1)
        try await change { $0.serving = new }
        let other = ServingReadModel(bench.makeFollower()) { bench.model($0) }
        #expect(try await other.first(where: Self.byTotal, equals: "9")?.version == 9)
    }

    @Test("lists the serving generation, also while two are read")
    func lists() async throws {
        await put(makeStream(), 1, 1, in: old)
        await put(makeStream(), 2, 1, in: new)
        let both = try await readingBoth()
        let page = try await both.page(by: Self.byTotal, prefix: "", after: nil, limit: 9)
        #expect(page.entries.map(\.document.total) == [1])
        try await change { state in
            state.serving = new
            state.standby = old
            state.handover = .settling
        }
        let switched = ServingReadModel(bench.makeFollower()) { bench.model($0) }
        let later = try await switched.page(by: Self.byTotal, prefix: "", after: nil, limit: 9)
        #expect(later.entries.map(\.document.total) == [2])
    }

    @Test("gives the newer document of two, whichever generation has it")
    func newest() async throws {
        let (a, b, onlyOld, onlyNew) = (makeStream(), makeStream(), makeStream(), makeStream())
        await put(a, 7, 3, in: old)
        await put(a, 7, 4, in: new)
        await put(b, 8, 6, in: old)
        await put(b, 8, 5, in: new)
        await put(onlyOld, 5, 1, in: old)
        await put(onlyNew, 6, 1, in: new)
        let model = try await readingBoth()
        #expect(try await model.first(where: Self.byTotal, equals: "7")?.version == 4)
        #expect(try await model.first(where: Self.byTotal, equals: "8")?.version == 6)
        #expect(try await model.first(where: Self.byTotal, equals: "5") != nil)
        #expect(try await model.first(where: Self.byTotal, equals: "6") != nil)
        #expect(try await model.load([a, b, makeStream()]).mapValues(\.version) == [a: 4, b: 6])
        #expect(try await model.load([]).isEmpty)
    }

    @Test("does not find what the newer document no longer says", arguments: [(1, 2), (2, 1)])
    func gone(stale: Int, fresh: Int) async throws {
        let stream = makeStream()
        await put(stream, 7, 1, in: Generation(stale))
        await put(stream, 0, 2, in: Generation(fresh))
        #expect(try await readingBoth().first(where: Self.byTotal, equals: "7") == nil)
    }

    @Test("finds who has a value now that another had, wherever that is known already", arguments: [(1, 2), (2, 1)])
    func handedOver(stale: Int, fresh: Int) async throws {
        let (before, after) = (makeStream(), makeStream())
        await put(before, 7, 1, in: Generation(stale))
        await put(before, 0, 2, in: Generation(fresh))
        await put(after, 7, 3, in: Generation(fresh))
        #expect(try await readingBoth().first(where: Self.byTotal, equals: "7")?.version == 3)
        // And where both still seem to have it, the one whose last event was recorded last.
        let (x, y) = (makeStream(), makeStream())
        await put(x, 8, 5, in: Generation(stale))
        await put(y, 8, 6, in: Generation(fresh))
        #expect(try await readingBoth().first(where: Self.byTotal, equals: "8")?.version == 6)
    }

    @Test("refuses to answer when nobody can tell for too long which generation serves")
    func away() async throws {
        let follower = GenerationFollower(
            AwayRegistry(), readModel: "counts", followTime: .seconds(60), logger: quietLogger)
        let model = ServingReadModel(follower) { bench.model($0) }
        await #expect(throws: Away.self) { _ = try await model.load([makeStream()]) }
    }

    @Test("looks itself, however long it was frozen, before it answers from what it knew")
    func frozen() async throws {
        let stream = makeStream()
        await put(stream, 1, 1, in: old)
        await put(stream, 2, 2, in: new)
        // Nobody runs the follower: what it knows gets old.
        let model = ServingReadModel(bench.makeFollower()) { bench.model($0) }
        #expect(try await model.load([stream])[stream]?.version == 1)
        try await change { $0.serving = new }
        // Time itself is what is tested: what is known for longer is not relied on.
        try await Task.sleep(for: RebuildBench.followTime)
        #expect(try await model.load([stream])[stream]?.version == 2)
    }

    @Test("reads again when another generation serves meanwhile")
    func switched() async throws {
        let stream = makeStream()
        await put(stream, 2, 2, in: new)
        let follower = bench.makeFollower()
        _ = try await follower.current()
        let gate = Gate()
        let model = ServingReadModel(follower) { SlowReadModel(model: bench.model($0), gate: $0 == old ? gate : nil) }
        try await withThrowingTaskGroup(of: Int64?.self) { group in
            group.addTask { try await model.load([stream])[stream]?.version }
            try await change { $0.serving = new }
            // As above: after this the follower has to look again.
            try await Task.sleep(for: RebuildBench.followTime)
            gate.open()
            // The old one has no such document, say because it has been removed.
            #expect(try await group.next() == 2)
        }
    }

    @Test("tells of every change of what serves")
    func changes() async throws {
        let follower = bench.makeFollower()
        var changes = follower.changes().makeAsyncIterator()
        _ = try await follower.current()
        #expect(try await changes.next()?.read == [old])
        try await change { $0.serving = new }
        try await Task.sleep(for: RebuildBench.followTime)
        _ = try await follower.current()
        #expect(try await changes.next()?.read == [new])
        #expect(follower.latest?.read == [new])
    }
}

/// A registry that cannot be reached.
private struct AwayRegistry: GenerationRegistry {
    func read(_ readModel: String) async throws -> GenerationRecord { throw Away() }
    func readAll() async throws -> [String: Result<GenerationRecord, any Error>] { throw Away() }
    func take(_ readModel: String, for owner: UUIDv7, silentFor: Duration) async throws -> GenerationRecord? {
        throw Away()
    }
    func hold(_ readModel: String, as owner: UUIDv7) async throws -> Bool { throw Away() }
    func write(_ record: GenerationRecord, of: String, as owner: UUIDv7) async throws -> GenerationRecord? {
        throw Away()
    }
    func release(_ readModel: String, as owner: UUIDv7) async throws { throw Away() }
}
