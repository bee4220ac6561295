// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import Testing
import Users

@Suite("The topology")
struct TopologyTests {
    private let inCode = EventTopology.whole([(context: Users.name, eventPattern: Users.eventPattern)])

    @Test("has the same exchanges in code as in the definitions file")
    func exchanges() throws {
        let inFile = try Definitions().exchanges
        #expect(inCode.amqp.exchanges.count == inFile.count)
        #expect(Set(inCode.amqp.exchanges) == Set(inFile))
    }

    @Test("has the same queues in code as in the definitions file")
    func queues() throws {
        let inFile = try Definitions().queues
        #expect(inCode.amqp.queues.count == inFile.count)
        #expect(Set(inCode.amqp.queues) == Set(inFile))
    }

    @Test("has the same bindings in code as in the definitions file")
    func bindings() throws {
        let inFile = try Definitions().bindings
        #expect(inCode.amqp.bindings.count == inFile.count)
        #expect(Set(inCode.amqp.bindings) == Set(inFile))
    }

    @Test("has the same policies in code as in the definitions file")
    func policies() throws {
        let inFile = try Definitions().policies
        #expect(inCode.policies.sorted { $0.name < $1.name } == inFile.sorted { $0.name < $1.name })
    }

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
}
