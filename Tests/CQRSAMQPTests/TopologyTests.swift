// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import Essentials
import Testing
import Users

@Suite("The topology")
struct TopologyTests {
    private let inCode = EventTopology.whole([UserProjection.self])

    @Test("has no policy that would be applied to anything but what it is named after")
    func patterns() throws {
        let names = inCode.amqp.exchanges.map(\.name) + inCode.amqp.queues.map(\.name)
        for policy in inCode.policies {
            let pattern = try Regex(policy.pattern)
            #expect(try names.filter { try pattern.wholeMatch(in: $0) != nil }.allSatisfy { $0 == policy.name })
        }
        // Each queue that deliveries return to has one, or RabbitMQ 4 drops what was delivered twenty times.
        #expect(Set(inCode.amqp.queues.map(\.name)).isSubset(of: inCode.policies.map(\.name)))
    }

    @Test("names a retry queue after its delay, which its policy keeps, and sends from there back to the queue")
    func retries() throws {
        let names = EventTopology.retryDelays.map { EventTopology.retryQueue(of: "users.projection", after: $0) }
        #expect(
            names == ["users.projection.retry.1s", "users.projection.retry.10s", "users.projection.retry.60s"])
        let delays = try names.map { name in
            let policy = try #require(inCode.policies.first { $0.name == name })
            #expect(policy.definition["dead-letter-routing-key"] == "users.projection")
            return policy.definition["message-ttl"]
        }
        #expect(delays == [1000, 10_000, 60_000])
    }

    @Test(
        "gives a generation queues of its own, which the permanent ones' policy covers and the permanent letters serve")
    func generations() throws {
        let queue = GenerationQueue(Generation(12), hasOwnQueue: true)
        let topology = EventTopology.subscription(of: "users", eventPatterns: ["user.*"], queue: queue)
        #expect(
            topology.queues.map(\.name) == [
                "users.projection.g12", "users.projection.dead", "users.projection.g12.retry.1s",
                "users.projection.g12.retry.10s", "users.projection.g12.retry.60s",
            ])
        #expect(topology.bindings.map(\.destination) == [.queue("users.projection.g12")])
        let matching = try inCode.policies.filter { policy in
            try policy.target == .queues && Regex(policy.pattern).wholeMatch(in: "users.projection.g12") != nil
        }
        #expect(matching.map(\.name) == ["users.projection"])
        #expect(matching.first?.definition["dead-letter-routing-key"] == "users.projection.dead")
        // Declared again with other arguments the broker refuses them: they never change.
        #expect(
            topology.queues[3].arguments == [
                "x-message-ttl": .int64(10_000), "x-dead-letter-exchange": "",
                "x-dead-letter-routing-key": "users.projection.g12", "x-dead-letter-strategy": "at-least-once",
                "x-overflow": "reject-publish", "x-queue-type": "quorum",
            ])
        #expect(topology.queues[1].arguments == ["x-queue-type": "quorum"])
    }

    @Test(
        "knows the permanent queue of a generation's",
        arguments: [
            ("users.projection", "users.projection"), ("users.projection.g2", "users.projection"),
            ("users.projection.g105", "users.projection"), ("users.projection.g", "users.projection.g"),
            ("users.projection.g2x", "users.projection.g2x"), ("users.gold", "users.gold"), ("g7", "g7"),
        ])
    func permanent(queue: String, permanent: String) {
        #expect(EventTopology.permanentQueue(of: queue) == permanent)
        #expect(EventTopology.deadLetterQueue(of: queue) == "\(permanent).dead")
    }
}
