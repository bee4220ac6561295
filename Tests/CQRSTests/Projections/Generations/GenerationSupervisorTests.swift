// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import CQRSUpkeep
import Essentials
import ServiceLifecycle
import TestSupport
import Testing

@Suite("Feeding generations", .timeLimit(.minutes(1)))
struct GenerationSupervisorTests {
    private let bench = RebuildBench()
    private let owner = UUIDv7(at: .now())
    private let permanent = GenerationQueue(.first, hasOwnQueue: false)
    private let own = GenerationQueue(Generation(2), hasOwnQueue: true)

    private func change(_ body: (inout GenerationState) -> Void) async throws {
        var record = try #require(await bench.registry.take("counts", for: owner, silentFor: .zero))
        body(&record.state)
        #expect(await bench.registry.write(record, of: "counts", as: owner) != nil)
    }

    private func expectConsumers(_ first: Int, _ second: Int) async throws {
        try await eventually("\(first) and \(second) consumers") {
            let found = (
                await bench.queues.consumers(of: permanent, .whole), await bench.queues.consumers(of: own, .whole)
            )
            return found == (first, second)
        }
    }

    @Test("starts, pauses, resumes and ends as the registry says, and gives back what it leaves")
    func follows() async throws {
        let stream = makeStream()
        try await bench.running { _ in
            try await expectConsumers(1, 0)
            try await bench.queues.declare(own)
            try await change { state in
                state.build = GenerationBuild(Generation(2))
                state.build?.isBound = true
            }
            try await expectConsumers(1, 1)
            await bench.append(.count(stream, 1, adding: 1))
            try await eventually("both fed") {
                bench.model(.first).snapshot[stream] != nil && bench.model(Generation(2)).snapshot[stream] != nil
            }
            try await change { state in
                state.build = nil
                state.standby = Generation(2)
                state.handover = .catchingUp
            }
            try await expectConsumers(0, 1)
            await bench.append(.count(stream, 2, adding: 2))
            try await eventually("the other one fed") { bench.model(Generation(2)).snapshot[stream]?.version == 2 }
            #expect(bench.queues.broker(permanent).depth == 1)
            #expect(bench.model(.first).snapshot[stream]?.version == 1)
            try await change { state in
                state.standby = nil
                state.handover = nil
            }
            try await expectConsumers(1, 0)
            try await eventually("fed again") { bench.model(.first).snapshot[stream]?.version == 2 }
        }
        try await expectConsumers(0, 0)
        #expect(bench.queues.broker(permanent).depth == 0)
    }

    @Test("ends when what feeds a generation fails")
    func failure() async throws {
        let follower = bench.makeFollower()
        _ = try await follower.current()
        let supervisor = GenerationSupervisor(follower, logger: quietLogger) { _ in [FailingPart()] }
        await #expect(throws: Away.self) { try await supervisor.run() }
    }
}

/// A part that cannot go on.
private struct FailingPart: Service {
    func run() async throws { throw Away() }
}
