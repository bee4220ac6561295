// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRSTesting
import Essentials
import Logging
import TestSupport
import Testing

@testable import CQRS
@testable import CQRSServing

@Suite("A near cache of a read model that is made anew", .timeLimit(.minutes(1)))
struct ServingChangesTests {
    private let registry = InMemoryGenerationRegistry()
    private let models = [1: InMemoryReadModel<Slip>(), 2: InMemoryReadModel<Slip>()]
    private let owner = UUIDv7(at: .now())

    private func write(_ change: (inout GenerationState) -> Void) async throws {
        var record = try #require(await registry.take("slips", for: owner, silentFor: .seconds(60)))
        change(&record.state)
        #expect(await registry.write(record, of: "slips", as: owner) != nil)
    }

    private func write(_ text: String, version: Int64, of stream: StreamID, to generation: Int) async throws {
        let slip = Slip(id: stream.name, text: text, version: version, updatedAt: .now())
        let model = try #require(models[generation])
        let change = ReadModelChange(stream: stream, baseVersion: version - 1, document: slip)
        #expect(await model.write([change]).isEmpty)
    }

    @Test("is bypassed while two generations are read, and then begins empty with the one that serves")
    func switching() async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let watch = GenerationWatch(registry, interval: .milliseconds(10), logger: logger)
        let follower = watch.follower(of: "slips")
        let models = models
        let model: @Sendable (Generation) -> InMemoryReadModel<Slip> = { models[$0.number] ?? InMemoryReadModel() }
        let cache = NearCache(
            "slips", of: ServingReadModel(follower, model: model), notices: ServingNotices(follower, notices: model),
            content: NearCacheContent<Slip, String>(lookup: Slip.byText, stream: { $0.stream }) { slip in
                slip.text.map { ($0, 20) }
            }, capacityBytes: 1 << 20, logger: logger)
        let stream = StreamID(category: "slip", id: UUIDv7(at: .now()))
        try await write("x", version: 1, of: stream, to: 1)
        try await write("x", version: 1, of: stream, to: 2)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await watch.run() }
            group.addTask { try await cache.run() }
            try await eventually("following the first") { cache.isFollowing }
            _ = try await cache.find("x")
            #expect(cache.cached("x") != nil)

            // The first step of a switch, and back: what it writes is told to nobody.
            for handover in [Handover.aligning, nil] {
                try await write {
                    $0.standby = Generation(2)
                    $0.handover = handover
                }
                try await eventually("emptied") { cache.cached("x") == nil }
                try await eventually("following again") { cache.isFollowing }
                _ = try await cache.find("x")
                #expect(cache.cached("x") != nil)
            }

            try await write {
                $0.standby = Generation(2)
                $0.handover = .joined
            }
            try await eventually("bypassed") { !cache.isFollowing }
            // The standby is ahead now, and the first is not fed any more.
            try await write("x", version: 2, of: stream, to: 2)
            #expect(try await cache.find("x")?.version == 2)
            #expect(try await cache.find("x")?.origin == .bypass)

            try await write {
                $0.serving = Generation(2)
                $0.standby = nil
                $0.handover = nil
            }
            try await eventually("following the second") { cache.isFollowing }
            #expect(cache.cached("x") == nil)
            _ = try await cache.find("x")
            #expect(cache.cached("x")?.version == 2)
            try await write("x", version: 3, of: stream, to: 2)
            try await eventually("told by the second") { cache.cached("x") == nil }
            #expect(try await cache.find("x")?.version == 3)
            try await eventually("kept") { cache.cached("x")?.version == 3 }
            group.cancelAll()
        }
    }

    @Test("tells no position of one generation as one of the other")
    func positions() async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let watch = GenerationWatch(registry, interval: .milliseconds(10), logger: logger)
        let follower = watch.follower(of: "slips")
        let models = models
        let changes = ServingChanges(follower) { models[$0.number] ?? InMemoryReadModel() }
        let feed = ChangeFeed<Slip, String>("slips", changes: changes, capacityBytes: 1 << 20, logger: logger) {
            change, _ in change.document?.text.map { ($0, 100) }
        }
        let stream = StreamID(category: "slip", id: UUIDv7(at: .now()))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await watch.run() }
            group.addTask { try await feed.run() }
            var iterator = try await feed.read(after: nil).makeAsyncIterator()
            try await write("one", version: 1, of: stream, to: 1)
            guard case .lines(["one"])? = await iterator.next() else { throw Unexpected() }
            let before = iterator.position
            #expect(before.generation == 1)
            try await write("one", version: 1, of: stream, to: 2)
            try await write { $0.serving = Generation(2) }
            guard case .lost(let position)? = await iterator.next() else { throw Unexpected() }
            #expect(position.generation == 2)
            try await write("two", version: 2, of: stream, to: 2)
            guard case .lines(["two"])? = await iterator.next() else { throw Unexpected() }
            // Who comes back with a position of the first is told so, too.
            var other = try await feed.read(after: before).makeAsyncIterator()
            guard case .lost? = await other.next() else { throw Unexpected() }
            group.cancelAll()
        }
    }

    private struct Unexpected: Error {}
}
