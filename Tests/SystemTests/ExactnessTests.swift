// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSAMQP
import Foundation
import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("Whatever the broker does with the messages", .serialized, .timeLimit(.minutes(20)))
    struct ExactnessTests {
        /// How many events; `TEST_EVENTS=200000` for the whole measure.
        private var count: Int {
            ProcessInfo.processInfo.environment["TEST_EVENTS"].flatMap { Int($0) } ?? 10_000
        }

        @Test("repeated, reordered and taken by consumers that are killed: each user is at the event store's version")
        func exactness() async throws {
            try await TestSystem.run(consumers: 3) { system, services in
                let events = UserHistories(events: count).events
                try await system.store(events)
                let messages = Self.disturbed(events)
                let batches = stride(from: 0, to: messages.count, by: 500).map {
                    Array(messages[$0..<min($0 + 500, messages.count)])
                }
                // The kill comes with what was published a moment ago in flight.
                let end = max(1, batches.count * 4 / 5)
                let (first, second) = (Int.random(in: 0..<end), Int.random(in: 0..<end))
                let start = ContinuousClock.now
                try await system.publishing { publisher, _ in
                    for (index, batch) in batches.enumerated() {
                        for outcome in await publisher.publish(batch) { if let error = outcome.error { throw error } }
                        if index == first { try await services.kill(system.consumers[1]) }
                        if index == second { try await services.killAndRestart(system.consumers[2]) }
                    }
                }
                let published = ContinuousClock.now - start
                try await eventually("queue empty", within: .seconds(600), every: .milliseconds(200)) {
                    try await system.depth(of: "users.projection") == 0
                }
                let applied = ContinuousClock.now - start
                let result = try await system.verify(patience: 5, limit: .seconds(300))
                let summary = result.output.split(separator: "\n").last ?? ""
                print(
                    "\(events.count) events, \(messages.count) messages: published after \(published), applied after",
                    "\(applied); killed after batches \(first) and \(second) of \(batches.count); verify: \(summary)")
                #expect(result.status == 0, "\(result.output.prefix(2000))")
                #expect(try await system.depth(of: "users.projection.dead") == 0)
                #expect(try await system.depth(of: "domain_events.unrouted") == 0)
                let streams = Set(events.map(\.stream)).count
                #expect(try await system.countUsers() == streams)
            }
        }

        /// Every fifth message twice, and all in random order within windows of 1,000.
        private static func disturbed(_ events: [RecordedEvent]) -> [RecordedEvent] {
            let messages = events.flatMap { Int.random(in: 0..<5) == 0 ? [$0, $0] : [$0] }
            return stride(from: 0, to: messages.count, by: 1000).flatMap {
                messages[$0..<min($0 + 1000, messages.count)].shuffled()
            }
        }
    }
}
