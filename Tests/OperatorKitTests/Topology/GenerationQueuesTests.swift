// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import ArgumentParser
import CQRS
import CQRSAMQP
import CQRSUpkeep
import Essentials
import TestSupport
import Testing
import Users

@testable import Consumer
@testable import OperatorKit

@Suite("The queues of generations on a broker", .timeLimit(.minutes(3)))
struct GenerationQueuesTests {
    private let permanent = GenerationQueue(.first, hasOwnQueue: false)
    private let own = GenerationQueue(Generation(2), hasOwnQueue: true)

    /// Makes the topology, and passes on what works on it with no more than the consumer's rights.
    private func withQueues(_ body: (TestVirtualHost, AMQPGenerationQueues) async throws -> Void) async throws {
        try await TestVirtualHost.withTopology { host in
            try await host.permitConsumer()
            var limited = host.broker
            (limited.user, limited.password) = ("consumer", "consumer")
            try await body(
                host,
                AMQPGenerationQueues(configuration: limited, of: UserProjection.self))
        }
    }

    @Test("are made beside the permanent one and get the same events, until they are detached and deleted")
    func life() async throws {
        try await withQueues { host, queues in
            #expect(try await queues.backlog(of: own, .whole) == 0)
            #expect(try await queues.consumers(of: own, .whole) == 0)
            for _ in 0..<2 { try await queues.declare(own) }
            try await host.publish([eventMessage(1, 1)])
            #expect(try await queues.backlog(of: own, .whole) == 1)
            #expect(try await queues.backlog(of: permanent, .whole) == 1)

            for _ in 0..<2 { try await queues.detach(own) }
            try await host.publish([eventMessage(1, 2)])
            #expect(try await queues.backlog(of: own, .whole) == 1)
            #expect(try await queues.backlog(of: permanent, .whole) == 2)

            for _ in 0..<2 { try await queues.delete(own, .whole) }
            #expect(try await queues.backlog(of: own, .whole) == 0)
            try await queues.detach(own)
            #expect(try await queues.backlog(of: permanent, .whole) == 2)
            // What belongs to all generations is still there.
            #expect(try await host.count("users.projection.dead") == 0)
            #expect(try await host.count("users.projection.retry.1s") == 0)
        }
    }

    @Test("are counted with what waits for another attempt, which comes back to the same queue")
    func retries() async throws {
        try await withQueues { host, queues in
            try await queues.declare(own)
            for delay in EventTopology.retryDelays.prefix(2) {
                var message = eventMessage(1, 1)
                message.exchange = ""
                message.routingKey = EventTopology.retryQueue(of: "users.projection.g2", after: delay)
                try await host.publish([message])
            }
            #expect(try await queues.backlog(of: own, .whole) == 2)
            try await eventually("the first back") { try await host.count("users.projection.g2") == 1 }
            #expect(try await queues.backlog(of: own, .whole) == 2)
            #expect(try await queues.backlog(of: permanent, .whole) == 0)
        }
    }

    @Test("are spread over partitions by stream, also with the consumer's rights, and are whole again without them")
    func partitions() async throws {
        try await withQueues { host, queues in
            func queue(_ partitions: Partitions) -> GenerationQueue {
                GenerationQueue(.first, hasOwnQueue: false, partitions: partitions)
            }
            func publish(_ numbers: Range<Int>) async throws {
                for version in Int64(1)...2 { try await host.publish(numbers.map { eventMessage($0, version) }) }
            }
            func count(_ name: String) async throws -> Int { try await host.count("users.projection\(name)") }

            for _ in 0..<2 { try await queues.declare(queue(Partitions(bound: 3))) }
            try await publish(0..<60)
            let counts = try await [count(".p1"), count(".p2"), count(".p3")]
            #expect(counts.reduce(0, +) == 120 && counts.allSatisfy { $0 > 0 && $0 % 2 == 0 }, "\(counts)")
            #expect(try await count("") == 0)
            #expect(try await queues.backlog(of: queue(Partitions(bound: 3)), .whole) == 120)
            let check = TopologyComparison(
                described: EventTopology.whole([UserProjection.self]), observed: try await host.management.topology())
            #expect(check.findings.filter(\.isDifference).flatMap(\.lines) == [])

            // Two of them get nothing new.
            let fewer = queue(Partitions(bound: 1, fed: 3))
            try await queues.declare(fewer)
            try await publish(0..<5)
            #expect(try await count(".p1") == counts[0] + 10)
            #expect(try await queues.backlog(of: fewer, .leftovers) == counts[1] + counts[2])
            try await queues.delete(fewer, .leftovers)
            #expect(try await queues.backlog(of: fewer, .leftovers) == 0)

            let none = queue(Partitions(bound: 0, fed: 1))
            try await queues.declare(none)
            try await publish(0..<5)
            #expect(try await count("") == 10)
            #expect(try await count(".p1") == counts[0] + 10)
            for _ in 0..<2 { try await queues.delete(none, .leftovers) }
            let topology = try await host.management.topology()
            #expect(topology.exchanges["users.projection.partitions"] == nil)
            #expect(topology.queues["users.projection.p1"] == nil)
        }
    }

    @Test("say how many consume them")
    func consumers() async throws {
        try await withQueues { host, queues in
            try await queues.declare(own)
            try await AMQPConnection.withConnection(host.broker) { connection in
                try await connection.consume(queue: "users.projection.g2", prefetch: 1)
                #expect(try await queues.consumers(of: own, .whole) == 1)
                #expect(try await queues.consumers(of: permanent, .whole) == 0)
            }
            try await eventually("nobody consumes") { try await queues.consumers(of: own, .whole) == 0 }
        }
    }

    @Test("are under the permanent queue's policy")
    func policy() async throws {
        try await withQueues { host, queues in
            try await queues.declare(own)
            try await eventually("the policy in force") {
                try await host.management.topology().queues["users.projection.g2"]?.policy == "users.projection"
            }
        }
    }

    @Test("get replayed letters all of them, those of a generation that is gone as well")
    func replay() async throws {
        try await withQueues { host, queues in
            try await queues.declare(own)
            try await host.publish([letterMessage(1, 1), letterMessage(1, 2, from: "users.projection.g7")])
            let recorder = Recorder()
            let status = try await DeadLettersCommand<Consumer>.Replay.parse(["--all"]).execute(
                host.broker, fed: ["users.projection", "users.projection.g2"], recorder.console)
            #expect(status == 0, "\(recorder.errors)")
            #expect(recorder.lines.count == 2)
            #expect(recorder.lines.allSatisfy { $0.contains("users.projection and users.projection.g2") })
            for queue in ["users.projection", "users.projection.g2"] {
                let ids = try await host.take(2, from: queue).compactMap(\.properties.messageID)
                #expect(ids == [eventID(1, 1), eventID(1, 2)])
            }
            #expect(try await host.letterIDs().isEmpty)
        }
    }
}
