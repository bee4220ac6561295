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

    @Test("spreads events over partitions, under the queue's policy, and closes no way before the other is open")
    func partitions() throws {
        func topology(_ partitions: Partitions) -> AMQPTopology {
            EventTopology.subscription(
                of: "users", eventPatterns: ["user.*"],
                queue: GenerationQueue(Generation(3), hasOwnQueue: true, partitions: partitions))
        }
        let name = "users.projection.g3"
        func share(_ number: Int) -> AMQPBinding {
            AMQPBinding(source: "\(name).partitions", destination: .queue("\(name).p\(number)"), routingKey: "1")
        }
        let direct = AMQPBinding(source: "domain_events", destination: .queue(name), routingKey: "user.*")
        let spread = AMQPBinding(
            source: "domain_events", destination: .exchange("\(name).partitions"), routingKey: "user.*")
        let plain = topology(.none)
        #expect(plain.exchanges.isEmpty && plain.bindings == [direct] && plain.replacedBindings.isEmpty)

        let two = topology(Partitions(bound: 2))
        #expect(two.queues.dropLast(2) == plain.queues[...])
        #expect(two.queues.suffix(2).map(\.name) == ["\(name).p1", "\(name).p2"])
        for queue in two.queues.suffix(2) {
            #expect(queue.arguments == ["x-single-active-consumer": true, "x-queue-type": "quorum"])
            let matching = try inCode.policies.filter { policy in
                try policy.target == .queues && Regex(policy.pattern).wholeMatch(in: queue.name) != nil
            }
            #expect(matching.map(\.name) == ["users.projection"])
        }
        #expect(two.exchanges.map(\.kind) == [.consistentHash])
        #expect(two.exchanges.first?.arguments == ["hash-header": "cloudEvents_subject"])
        #expect(two.bindings == [share(1), share(2), spread])
        #expect(two.replacedBindings == [direct])

        #expect(topology(Partitions(bound: 1, fed: 3)).replacedBindings == [direct, share(2), share(3)])
        let changing = topology(Partitions(bound: 2, fed: 3, isChanging: true))
        #expect(changing.bindings == [share(1), share(2), spread, direct])
        #expect(changing.replacedBindings.isEmpty)
        #expect(topology(Partitions(bound: 0, fed: 2, isChanging: true)).replacedBindings.isEmpty)
        // Each part by itself makes nothing of another's.
        let parts = EventTopology.parts(
            of: "users", eventPatterns: ["user.*"],
            queue: GenerationQueue(Generation(3), hasOwnQueue: true, partitions: Partitions(bound: 1, fed: 2)))
        #expect(parts.map(\.queue) == [name, "\(name).p1", "\(name).p2"])
        #expect(parts.map(\.topology.queues.count) == [plain.queues.count, 1, 1])
        #expect(parts.map(\.topology.bindings) == [[spread], [share(1)], []])
        #expect(parts.map(\.topology.replacedBindings) == [[direct], [], [share(2)]])
        let leaving = topology(Partitions(bound: 0, fed: 2))
        #expect(leaving.bindings == [direct])
        #expect(leaving.replacedBindings == [spread, share(1), share(2)])
    }

    @Test(
        "knows the permanent queue of a generation's",
        arguments: [
            ("users.projection", "users.projection"), ("users.projection.g2", "users.projection"),
            ("users.projection.g105", "users.projection"), ("users.projection.g", "users.projection.g"),
            ("users.projection.g2x", "users.projection.g2x"), ("users.gold", "users.gold"), ("g7", "g7"),
            ("users.projection.p1", "users.projection"), ("users.projection.g2.p13", "users.projection"),
            ("users.projection.p", "users.projection.p"), ("users.projection.p1.g2", "users.projection.p1"),
            ("p7", "p7"),
        ])
    func permanent(queue: String, permanent: String) {
        #expect(EventTopology.permanentQueue(of: queue) == permanent)
        #expect(EventTopology.deadLetterQueue(of: queue) == "\(permanent).dead")
    }
}
