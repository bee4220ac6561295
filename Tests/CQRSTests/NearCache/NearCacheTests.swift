// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRSTesting
import Essentials
import Logging
import Synchronization
import TestSupport
import Testing

@testable import CQRS
@testable import CQRSServing

@Suite("A near cache", .timeLimit(.minutes(1)))
struct NearCacheTests {
    let model = HeldModel()

    private func withCache(
        capacityBytes: Int = 1 << 20, _ body: (NearCache<HeldModel, String>) async throws -> Void
    ) async throws {
        let cache = NearCache(
            "slips", of: model, notices: model.documents,
            content: NearCacheContent(lookup: Slip.byText, stream: { $0.stream }) { slip in
                slip.text.map { ("\($0) \(slip.version)", 20) }
            }, capacityBytes: capacityBytes, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await cache.run() }
            try await eventually("open") { cache.isFollowing }
            try await body(cache)
            group.cancelAll()
        }
    }

    @Test("answers the second time from memory, until a change is told, and then from the read model once")
    func hit() async throws {
        try await withCache { cache in
            let slip = await model.write("x")
            try await eventually("told") { cache.isFollowing }
            #expect(try await cache.find("x")?.origin == .readModel)
            try await eventually("kept") { try await cache.find("x")?.origin == .cache }
            let reads = model.reads.value
            for _ in 0..<10 { #expect(try await cache.find("x")?.answer == "x 1") }
            #expect(model.reads.value == reads)
            await model.write("x", after: slip)
            try await eventually("told") { cache.cached("x") == nil }
            #expect(try await cache.find("x")?.answer == "x 2")
            try await eventually("kept") { cache.cached("x")?.answer == "x 2" }
            #expect(model.reads.value == reads + 1)
        }
    }

    @Test("never keeps that there is nobody")
    func nobody() async throws {
        try await withCache { cache in
            let nobody = try await cache.find("x")
            #expect(nobody == nil)
            await model.write("x")
            #expect(try await cache.find("x") != nil)
        }
    }

    @Test("asks the read model while the feed is broken, and shows nothing older afterwards")
    func bypass() async throws {
        try await withCache { cache in
            let slip = await model.write("x")
            try await eventually("kept") { try await cache.find("x")?.origin == .cache }
            model.documents.setFeedsBroken(true)
            let second = await model.write("x", after: slip)
            let found = try #require(try await cache.find("x"))
            #expect(found.version == 2)
            #expect(found.origin == .bypass)
            await model.write("y", after: second)
            #expect(try await cache.find("x") == nil)
            model.documents.setFeedsBroken(false)
            try await eventually("following") { cache.isFollowing }
            #expect(try await cache.find("x") == nil)
            #expect(try await cache.find("y")?.version == 3)
        }
    }

    @Test("begins empty when the feed may have missed something")
    func reopened() async throws {
        try await withCache { cache in
            await model.write("x")
            try await eventually("kept") { try await cache.find("x")?.origin == .cache }
            model.documents.endFeeds()
            try await eventually("open again") { cache.state.withLock { $0.openings == 2 && $0.isFollowing() } }
            #expect(cache.cached("x") == nil)
            #expect(try await cache.find("x")?.origin == .readModel)
        }
    }

    @Test("answers from memory, and says so, while neither feed nor read model can be reached; nobody else is found")
    func stale() async throws {
        try await withCache { cache in
            let slip = await model.write("x")
            try await eventually("kept") { try await cache.find("x")?.origin == .cache }
            model.isAway.store(true, ordering: .releasing)
            #expect(try await cache.find("x")?.origin == .cache)
            // Nor is there anything better once it is told to have changed.
            await model.write("x", after: slip)
            try await eventually("told") { cache.cached("x") == nil }
            await #expect(throws: Never.self) { _ = try await cache.find("x") }
            model.documents.setFeedsBroken(true)
            for _ in 0..<2 {
                guard case .stale = try await cache.find("x")?.origin else {
                    Issue.record("not marked")
                    return
                }
            }
            await #expect(throws: SlipsAway.self) { _ = try await cache.find("y") }
            let waited = try await cache.find("x", atLeast: 1, of: nil, within: .zero)
            guard case .found(let found) = waited, case .stale = found.origin else {
                Issue.record("not marked")
                return
            }
            await #expect(throws: SlipsAway.self) { _ = try await cache.find("x", atLeast: 2, of: nil, within: .zero) }
            model.isAway.store(false, ordering: .releasing)
            try await eventually("asked again") { try await cache.find("x")?.origin == .bypass }
        }
    }

    @Test("does not let everybody wait for a read model that does not answer")
    func silent() async throws {
        try await withCache { cache in
            await model.write("x")
            try await eventually("kept") { try await cache.find("x")?.origin == .cache }
            model.documents.setFeedsBroken(true)
            let gate = Gate()
            model.gate.withLock { $0 = gate }
            async let first = cache.find("x")
            try await eventually("others are answered") {
                cache.stale("x", ifAway: true) != nil
            }
            gate.open()
            #expect(try await first?.version == 1)
        }
    }

    @Test("what a reading fails with tells whether the read model is away, and that its caller has left tells nothing")
    func leaving() {
        var watch = ReachabilityWatch()
        let now = ContinuousClock.now
        for failure in FailureCategory.allCases {
            let isLookedAt = watch.begin(now: now)
            watch.end(isLookedAt: isLookedAt, failure: failure, now: now)
            #expect(watch.isAway(now: now) == (failure == .unavailable))
            watch.end(isLookedAt: watch.begin(now: now), failure: nil, now: now)
        }
        // Nor does it bring back what is away.
        watch.end(isLookedAt: watch.begin(now: now), failure: .unavailable, now: now)
        watch.end(isLookedAt: watch.begin(now: now), failure: .cancelled, now: now)
        #expect(watch.isAway(now: now))
    }

    @Test("with no room everything works the same, from the read model")
    func noRoom() async throws {
        try await withCache(capacityBytes: 0) { cache in
            let slip = await model.write("x")
            try await eventually("told") { cache.isFollowing }
            for _ in 0..<3 { #expect(try await cache.find("x")?.origin == .readModel) }
            let stream = try #require(slip.stream)
            async let waited = cache.find("x", atLeast: 2, of: stream, within: .seconds(30))
            try await eventually("waiting") { cache.waiters.count == 1 }
            await model.write("x", after: slip)
            guard case .found(let found) = try await waited else {
                Issue.record("not found")
                return
            }
            #expect(found.version == 2)
        }
    }
}

/// A document of these tests' own.
struct Slip: ReadModelDocument {
    var id: String
    /// `nil` once deleted.
    var text: String?
    var version: Int64
    var updatedAt: Timestamp

    var stream: StreamID? { StreamID(id) }

    static let byText = ReadModelField<Slip>("text") { $0.text }
}

struct SlipsAway: CategorizedError {
    var category: FailureCategory { .unavailable }
}

/// A read model in memory whose readings are counted, held up and refused at will.
final class HeldModel: ReadModel {
    let documents = InMemoryReadModel<Slip>()
    let reads = TestSupport.Counter()
    let isAway = Atomic<Bool>(false)
    let gate = Mutex<Gate?>(nil)

    func prepare() async throws {}

    func load(_ streams: Set<StreamID>) async throws -> [StreamID: Slip] {
        try await read()
        return await documents.load(streams)
    }

    func write(_ changes: [ReadModelChange<Slip>]) async throws -> Set<StreamID> { await documents.write(changes) }

    func first(where field: ReadModelField<Slip>, equals value: String) async throws -> Slip? {
        try await read()
        return await documents.first(where: field, equals: value)
    }

    /// Writes a new document, or the next version of one.
    @discardableResult
    func write(_ text: String?, after slip: Slip? = nil) async -> Slip {
        let now = Timestamp.now()
        let stream = slip?.stream ?? StreamID(category: "slip", id: UUIDv7(at: now))
        let next = Slip(id: stream.name, text: text, version: (slip?.version ?? 0) + 1, updatedAt: now)
        let lost = await documents.write([
            ReadModelChange(stream: stream, baseVersion: slip?.version ?? 0, document: next)
        ])
        precondition(lost.isEmpty)
        return next
    }

    private func read() async throws {
        reads.add()
        if let gate = gate.withLock({ $0 }) { await gate.pass() }
        if isAway.load(ordering: .acquiring) { throw SlipsAway() }
    }
}
