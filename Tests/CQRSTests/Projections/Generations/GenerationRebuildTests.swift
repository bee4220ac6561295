// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Synchronization
import TestSupport
import Testing

@testable import CQRSServing
@testable import CQRSUpkeep

@Suite("Rebuilding a read model", .timeLimit(.minutes(2)))
struct GenerationRebuildTests {
    private let bench = RebuildBench()
    private let old = Generation(1)
    private let new = Generation(2)
    private let quiet: @Sendable (RebuildReport) async throws -> Void = { _ in }

    private func makeStreams(_ count: Int, through last: Int64) async -> [StreamID] {
        var streams: [StreamID] = []
        for _ in 0..<count {
            let stream = makeStream()
            for version in 1...last { await bench.append(.count(stream, version, adding: Int(version))) }
            streams.append(stream)
        }
        return streams
    }

    private func expectComplete(_ generation: Generation, _ streams: [StreamID], at version: Int64) {
        let document = Count(total: Int(version * (version + 1) / 2), version: version)
        let snapshot = bench.model(generation).snapshot
        // Counts: thousands of documents in a failure's text help nobody.
        #expect(snapshot.count == streams.count)
        #expect(streams.count { snapshot[$0] != document } == 0)
    }

    @Test("makes a complete generation, switches, goes back, and removes the other one")
    func wholeLife() async throws {
        let streams = await makeStreams(50, through: 3)
        try await bench.running { _ in
            let state = try await bench.rebuild().rebuild(quiet)
            #expect(state.serving == new)
            #expect(state.standby == old)
            expectComplete(new, streams, at: 3)
            await #expect(throws: RebuildRefusal.hasStandby(old)) { try await bench.rebuild().rebuild(quiet) }
            await #expect(throws: RebuildRefusal.noBuild) { try await bench.rebuild().cancel(quiet) }

            // Somebody saw what is no longer so.
            let another = RebuildRefusal.isAnother(old, expected: new)
            await #expect(throws: another) { try await bench.rebuild().rollBack(to: new, quiet) }
            await #expect(throws: another) { try await bench.rebuild().finish(removing: new, quiet) }

            let back = try await bench.rebuild().rollBack(to: old, quiet)
            #expect(back.serving == old)
            #expect(back.standby == new)
            let again = try await bench.rebuild().rollBack(quiet)
            #expect(again.serving == new)

            let end = try await bench.rebuild().finish(quiet)
            #expect(end.serving == new)
            #expect(end.living == [new])
            #expect(end.queues == [GenerationQueue(new, hasOwnQueue: false)])
            #expect(bench.model(old).snapshot.isEmpty)
            #expect(bench.queues.deleted == [GenerationQueue(new, hasOwnQueue: true)])
            #expect(bench.queues.bound == [GenerationQueue(old, hasOwnQueue: false)])
            await #expect(throws: RebuildRefusal.noStandby) { try await bench.rebuild().finish(quiet) }
            await #expect(throws: RebuildRefusal.noStandby) { try await bench.rebuild().rollBack(quiet) }

            // From the permanent queue, as at the beginning; and the next one has a number of its own.
            for stream in streams { await bench.append(.count(stream, 4, adding: 4)) }
            try await eventually("fed") { bench.model(new).snapshot.values.allSatisfy { $0.version == 4 } }
            #expect(try await bench.rebuild().rebuild(quiet).serving == Generation(3))
            expectComplete(Generation(3), streams, at: 4)
        }
    }

    @Test("shows nobody an older document than before, in any step of a switch, back and forth, while events go on")
    func neverOlder() async throws {
        let streams = await makeStreams(30, through: 1)
        let stop = Flag()
        try await bench.running { first in
            try await eventually("all there") { bench.model(old).snapshot.count == streams.count }
            // A second query service, which learns of each step at another moment.
            let follower = bench.makeFollower()
            let second = ServingReadModel(follower) { bench.model($0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    var version: Int64 = 1
                    while !stop.isSet {
                        version += 1
                        for stream in streams.shuffled() {
                            await bench.append(.count(stream, version, adding: 1))
                            await Task.yield()
                        }
                        // A backlog that only grows would leave the rebuild's patience to the machine's speed.
                        while !stop.isSet, bench.queues.backlog > 300 { await Task.yield() }
                    }
                }
                let reads = Counter()
                group.addTask {
                    var seen: [StreamID: Int64] = [:]
                    while !stop.isSet {
                        for model in [first, second] {
                            let documents = try await model.load(Set(streams))
                            for stream in streams {
                                let version = documents[stream]?.version ?? 0
                                if version < seen[stream] ?? 1 { throw Older(version: version, than: seen[stream]) }
                                seen[stream] = version
                            }
                            reads.add()
                        }
                        await Task.yield()
                    }
                }
                do {
                    _ = try await bench.rebuild().rebuild(quiet)
                    _ = try await bench.rebuild().rollBack(quiet)
                    _ = try await bench.rebuild().rollBack(quiet)
                    _ = try await bench.rebuild().finish(quiet)
                    stop.set()
                } catch {
                    stop.set()
                    throw error
                }
                try await group.waitForAll()
                #expect(reads.value > 100)
            }
            let last = try #require(await bench.store.read(streams[0], after: 0, limit: 1_000_000).last?.version)
            try await eventually("everything applied") {
                bench.model(new).snapshot.values.allSatisfy { $0.version >= last }
            }
        }
    }

    private struct Older: Error {
        let version: Int64
        let than: Int64?
    }

    @Test("goes on behind what is filled when it was interrupted")
    func resumed() async throws {
        let streams = await makeStreams(9000, through: 1)
        let rebuild = bench.rebuild { $0.parallel = 1 }
        await #expect(throws: Away.self) {
            try await rebuild.rebuild { report in
                if case .filling(let done, _) = report, done.events >= 8000 { throw Away() }
            }
        }
        // As if the first range had been noted before a kill.
        try await note { state in
            state.build?.filledThrough = streams.sorted { $0.name < $1.name }[3999].name
            state.build?.commits = 4000
            state.build?.events = 4000
        }
        let counts = Mutex<[Int]>([])
        try await bench.running { _ in
            let state = try await bench.rebuild { $0.parallel = 1 }.rebuild { report in
                if case .building(_, let done, let total) = report { counts.withLock { $0 += [done.commits, total] } }
                if case .filled(let done) = report { counts.withLock { $0.append(done.events) } }
            }
            #expect(state.serving == new)
        }
        #expect(counts.withLock { $0 } == [4000, 9000, 9000])
        expectComplete(new, streams, at: 1)
    }

    private func note(_ body: (inout GenerationState) -> Void) async throws {
        let owner = UUIDv7(at: .now())
        var record = try #require(await bench.registry.take("counts", for: owner, silentFor: .zero))
        body(&record.state)
        #expect(await bench.registry.write(record, of: "counts", as: owner) != nil)
        await bench.registry.release("counts", as: owner)
    }

    @Test(
        "goes on from each step of a switch that was interrupted",
        arguments: [
            Handover.aligning, .joined, .catchingUp, .settling,
        ])
    func interruptedSwitch(step: Handover) async throws {
        let streams = await makeStreams(20, through: 2)
        try await bench.running { _ in
            await #expect(throws: Away.self) {
                try await bench.rebuild().rebuild { report in
                    if case .switching(step, _) = report { throw Away() }
                }
            }
            let state = try await bench.rebuild().rebuild(quiet)
            #expect(state.serving == new)
            #expect(state.handover == nil)
            expectComplete(new, streams, at: 2)
        }
    }

    @Test("removes a generation that is being made, and its queue")
    func cancelled() async throws {
        _ = await makeStreams(20, through: 2)
        try await bench.running { _ in
            await #expect(throws: Away.self) {
                try await bench.rebuild().rebuild { if case .filled = $0 { throw Away() } }
            }
            #expect(bench.model(new).snapshot.count == 20)
            await #expect(throws: RebuildRefusal.hasBuild(new)) { try await bench.rebuild().rollBack(quiet) }
            await #expect(throws: RebuildRefusal.isAnother(new, expected: old)) {
                try await bench.rebuild().cancel(removing: old, quiet)
            }
            let state = try await bench.rebuild().cancel(removing: new, quiet)
            #expect(state.living == [old])
            #expect(bench.model(new).snapshot.isEmpty)
            #expect(bench.queues.deleted == [GenerationQueue(new, hasOwnQueue: true)])
            #expect(try await bench.rebuild().rebuild(quiet).serving == Generation(3))
        }
    }

    @Test("does not switch to a generation in which somebody would fall back, and can be told to forget it")
    func wouldFallBack() async throws {
        let stream = makeStream()
        await bench.append(.count(stream, 1, adding: 1))
        await bench.append(.count(stream, 2, adding: -1))
        // The serving one was made by a program that could apply it.
        _ = await bench.model(old).write([
            ReadModelChange(stream: stream, baseVersion: 0, document: Count(total: 0, version: 2))
        ])
        try await bench.running { _ in
            await #expect(throws: RebuildRefusal.differences(1)) { try await bench.rebuild().rebuild(quiet) }
            #expect(await bench.state.serving == old)
            #expect(await bench.state.build?.isFilled == true)
            let state = try await bench.rebuild().cancel(quiet)
            #expect(state.living == [old])
        }
    }

    @Test("goes back to the serving generation when the new one turns out to fall behind in the middle of a switch")
    func goesBack() async throws {
        let stream = makeStream()
        try await bench.running { reader in
            await bench.append(.count(stream, 1, adding: 1))
            await #expect(throws: RebuildRefusal.wouldFallBehind([stream])) {
                try await bench.rebuild().rebuild { report in
                    guard case .switching(.joined, _) = report else { return }
                    // Now there is an event that only the serving generation could apply, before it is paused.
                    guard bench.model(old).snapshot[stream]?.version == 1 else { return }
                    await bench.store.append([.count(stream, 2, adding: -1)])
                    _ = await bench.model(old).write([
                        ReadModelChange(stream: stream, baseVersion: 1, document: Count(total: 1, version: 2))
                    ])
                }
            }
            let state = await bench.state
            #expect(state.serving == old)
            #expect(state.handover == nil)
            #expect(state.build?.generation == new)
            let documents = try await reader.load([stream])
            #expect(documents[stream]?.version == 2)
        }
    }

    @Test("brings up a serving generation that has lost most of its documents, before anybody sees them in the new one")
    func lostDocuments() async throws {
        var streams: [StreamID] = []
        for _ in 0..<2500 {
            let stream = makeStream()
            await bench.store.append(makeHistory(of: stream, through: 2))
            streams.append(stream)
        }
        let isLevel = Mutex(false)
        try await bench.running { _ in
            _ = try await bench.rebuild().rebuild { report in
                guard case .switching(.joined, _) = report else { return }
                isLevel.withLock { $0 = bench.model(old).snapshot.count == streams.count }
            }
        }
        #expect(isLevel.withLock { $0 })
        expectComplete(old, streams, at: 2)
        expectComplete(new, streams, at: 2)
    }

    @Test("does not mind streams that the same event stops everywhere")
    func stopped() async throws {
        let (bad, good) = (makeStream(), makeStream())
        await bench.append(.count(bad, 1, adding: 1))
        await bench.append(.count(bad, 2, adding: -1))
        await bench.append(.count(good, 1, adding: 1))
        let blocks = Mutex<[Bool]>([])
        try await bench.running { _ in
            let state = try await bench.rebuild().rebuild { report in
                if case .difference(_, _, let blocking) = report { blocks.withLock { $0.append(blocking) } }
            }
            #expect(state.serving == new)
        }
        #expect(blocks.withLock { $0 } == [false])
        #expect(bench.model(new).snapshot[bad]?.version == 1)
    }

    @Test("is not done by two at once, but taken over from one that is dead")
    func exclusive() async throws {
        _ = await makeStreams(3, through: 1)
        let dead = UUIDv7(at: .now())
        _ = await bench.registry.take("counts", for: dead, silentFor: .zero)
        try await bench.running { _ in
            // It waits for the silence to be long enough.
            let state = try await bench.rebuild().rebuild(quiet)
            #expect(state.serving == new)
        }
        let alive = UUIDv7(at: .now())
        _ = await bench.registry.take("counts", for: alive, silentFor: .zero)
        let stop = Flag()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !stop.isSet {
                    _ = await bench.registry.hold("counts", as: alive)
                    // The pace of a heartbeat.
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
            await #expect(throws: RebuildRefusal.busy) { try await bench.rebuild().finish(quiet) }
            stop.set()
            try await group.waitForAll()
        }
    }
}
