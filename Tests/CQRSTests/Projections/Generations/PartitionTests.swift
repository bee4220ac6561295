// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import CQRSUpkeep
import Essentials
import Foundation
import Synchronization
import Testing

private let old = Generation.first

@Suite("Partitions of a read model", .timeLimit(.minutes(2)))
struct PartitionTests {
    private let bench = RebuildBench()

    private func partition(into count: Int) async throws -> Partitions? {
        try await bench.rebuild { $0.drainDelay = .milliseconds(300) }.partition(into: count) { _ in }.partitions
    }

    @Test("are written down before they are made, made before consumers know of them, and more of them at any time")
    func growth() async throws {
        #expect(await bench.state.partitions == nil)
        #expect(try await partition(into: 0) == nil)
        let seen = Mutex<[Partitions?]>([])
        bench.queues.onDeclare { [bench] in
            let state = await bench.state
            seen.withLock { $0.append(state.partitions) }
        }
        #expect(try await partition(into: 4) == Partitions(bound: 4))
        #expect(seen.withLock { $0 } == [Partitions(bound: 0, count: 4, isChanging: true), Partitions(bound: 4)])
        #expect(bench.queues.partitions == [Partitions(bound: 4, isChanging: true), Partitions(bound: 4)])
        #expect(try await partition(into: 4) == Partitions(bound: 4))
        #expect(try await partition(into: 6) == Partitions(bound: 6))
        let queue = GenerationQueue(old, hasOwnQueue: false, partitions: Partitions(bound: 6))
        #expect(await bench.state.queues == [queue])
    }

    @Test(
        "that an interrupted command has begun to make are removed by the next one, whichever it is",
        arguments: [0, 2, 4])
    func interrupted(next: Int) async throws {
        bench.queues.onDeclare { throw Broken() }
        await #expect(throws: Broken.self) { try await partition(into: 4) }
        #expect(await bench.state.partitions == Partitions(bound: 0, count: 4, isChanging: true))
        bench.queues.onDeclare {}
        #expect(try await partition(into: next) == Partitions(bound: next))
        // All of them were taken the events from, and all but those wanted removed.
        let last = Partitions(bound: next, fed: 4, count: 4)
        #expect(bench.queues.partitions.contains(last))
        #expect(bench.queues.partitions.last == Partitions(bound: next) || next == 4)
    }

    @Test("are emptied before they are removed, in the next call if not in this one")
    func removal() async throws {
        _ = try await partition(into: 4)
        bench.queues.leftovers = 3
        await #expect(throws: RebuildRefusal.notDrained(3)) { try await partition(into: 1) }
        // They get nothing new, are still consumed, and still there.
        #expect(await bench.state.partitions == Partitions(bound: 1, fed: 4, count: 4))
        #expect(bench.queues.partitions.last == Partitions(bound: 1, fed: 4, count: 4))
        bench.queues.leftovers = 0
        #expect(try await partition(into: 1) == Partitions(bound: 1))
        #expect(bench.queues.partitions.last == Partitions(bound: 1))
        #expect(try await partition(into: 0) == Partitions.none)
    }

    @Test("are given up only when everybody has let the queue itself have the events as well")
    func closing() async throws {
        _ = try await partition(into: 2)
        bench.queues.leftovers = 1
        await #expect(throws: RebuildRefusal.notDrained(1)) { try await partition(into: 0) }
        let closed = Partitions(bound: 0, fed: 2, count: 2)
        #expect(
            bench.queues.partitions.suffix(3) == [
                Partitions(bound: 0, fed: 2, count: 2, isChanging: true), closed, closed,
            ])
        #expect(await bench.state.partitions == closed)
    }

    @Test("that were about to be closed may stay")
    func staying() async throws {
        _ = try await partition(into: 2)
        let owner = UUIDv7(at: .now())
        var record = try #require(await bench.registry.take("counts", for: owner, silentFor: .seconds(1)))
        record.state.partitions = Partitions(bound: 2, isChanging: true)
        #expect(await bench.registry.write(record, of: "counts", as: owner) != nil)
        await bench.registry.release("counts", as: owner)
        #expect(try await partition(into: 2) == Partitions(bound: 2))
    }

    @Test("of which some are being emptied may become more or fewer again")
    func change() async throws {
        _ = try await partition(into: 4)
        bench.queues.leftovers = 1
        await #expect(throws: RebuildRefusal.notDrained(1)) { try await partition(into: 1) }
        await #expect(throws: RebuildRefusal.notDrained(1)) { try await partition(into: 3) }
        #expect(await bench.state.partitions == Partitions(bound: 3, fed: 4, count: 4))
        #expect(try await partition(into: 5) == Partitions(bound: 5))
    }

    @Test("are those of a rebuild's generation as well, and do not change beside one")
    func rebuild() async throws {
        _ = try await partition(into: 2)
        try await bench.running { _ in
            let state = try await bench.rebuild().rebuild { _ in }
            #expect(state.queue(of: state.serving).partitions == Partitions(bound: 2))
            #expect(bench.queues.partitions.last == Partitions(bound: 2))
            await #expect(throws: RebuildRefusal.hasStandby(old)) { try await partition(into: 3) }
            #expect(try await bench.rebuild().finish { _ in }.partitions == Partitions(bound: 2))
        }
    }

    @Test("are read as they were written, and never as what they cannot be")
    func coding() throws {
        var state = GenerationState()
        state.partitions = Partitions(bound: 2, fed: 3, count: 4)
        let decoder = JSONDecoder()
        #expect(try decoder.decode(GenerationState.self, from: JSONEncoder().encode(state)) == state)
        state.partitions = nil
        #expect(try decoder.decode(GenerationState.self, from: JSONEncoder().encode(state)) == state)
        for text in [
            #"{"bound":3,"fed":2,"count":4,"isChanging":false}"#, #"{"bound":-1,"fed":2,"count":4,"isChanging":false}"#,
            #"{"bound":1,"fed":5,"count":4,"isChanging":false}"#,
            #"{"bound":1,"fed":1,"count":65,"isChanging":false}"#,
        ] {
            #expect(throws: DecodingError.self) { try decoder.decode(Partitions.self, from: Data(text.utf8)) }
        }
    }
}

private struct Broken: Error {}
