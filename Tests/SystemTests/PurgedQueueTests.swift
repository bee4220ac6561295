// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("When the queue is purged", .serialized, .timeLimit(.minutes(5)))
    struct PurgedQueueTests {
        @Test("what was in it is applied without any further command, whether the consumer runs or not")
        func purged() async throws {
            try await TestSystem.run { system, services in
                // So that most messages are in the queue and not on their way to the consumer.
                #expect(try await services.terminate(system.consumer) == 0)
                try await services.start(system.consumer, ["CONSUMER_PREFETCH": "10"])
                #expect(try await system.post(email: "first@example.org").status == 202)
                try await system.waitForUser("first@example.org")
                // What was lost before it began to watch is not its business.
                try await eventually("watching") { try await system.isWatchingForLosses() }
                try await expectHealed("running", system) {
                    await services.pause(system.consumer)
                } after: {
                    await services.resume(system.consumer)
                }
                try await expectHealed("away", system) {
                    let status = try await services.terminate(system.consumer)
                    #expect(status == 0)
                } after: {
                    try await services.start(system.consumer)
                }
                let verified = try await system.verify()
                #expect(verified.status == 0, "\(verified.output)")
                #expect(try await system.depth(of: "users.projection.dead") == 0)
            }
        }

        /// Purges the queue of 300 registrations while the consumer does not take them.
        private func expectHealed(
            _ name: String, _ system: TestSystem, before: () async throws -> Void, after: () async throws -> Void
        ) async throws {
            try await before()
            let lost = (0..<300).map { "\(name)\($0)@example.org" }
            #expect(try await system.postAll(lost).accepted.count == lost.count)
            try await eventually("all published") { try await system.depth(of: "users.projection") >= lost.count }
            _ = try await system.broker.rabbitmqctl("-q", "purge_queue", "users.projection")
            try await after()
            let start = ContinuousClock.now
            try await eventually("all readable", within: .seconds(90), every: .milliseconds(250)) {
                try await system.countReadable(lost) == lost.count
            }
            print("consumer \(name): \(lost.count) lost users readable \(ContinuousClock.now - start) after the purge")
        }
    }
}
