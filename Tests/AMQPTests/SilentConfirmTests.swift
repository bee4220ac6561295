// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import TestSupport
import Testing

@Suite(
    "With a broker that stops to confirm", .enabled(if: TestBroker.isThere, TestBroker.note), .timeLimit(.minutes(2)))
struct SilentConfirmTests {
    @Test("a publisher gives the connection up, says so, and publishes again as soon as confirms come")
    func silence() async throws {
        var configuration = try TestBroker.configuration()
        let confirms = ConfirmSwitch()
        let proxy = try TCPProxy(target: configuration.addresses[0].port) { ConfirmFilter(confirms) }
        defer { proxy.close() }
        let direct = configuration
        configuration.addresses[0].port = proxy.port
        configuration.publishTimeout = .seconds(1)
        try await withTopology(direct) { exchange, _, _ in
            let message = AMQPMessage(exchange: exchange, routingKey: "k", body: [])
            try await AMQPPublisher.running(configuration) { publisher in
                try await expectEventually { (try? await publisher.publish(message)) != nil }
                #expect(publisher.status == .connected)
                confirms.passes = false
                let stopped = ContinuousClock.now
                let error = await failure { try await publisher.publish(message) }
                #expect(error?.code == .timedOut)
                // Nobody cuts it from outside, and heartbeats go on.
                try await expectEventually { publisher.status == .unconfirmed }
                #expect(confirms.swallowedCount > 0)
                confirms.passes = true
                try await expectEventually { (try? await publisher.publish(message)) != nil }
                #expect(publisher.status == .connected)
                print("from the last confirm to the next: \(ContinuousClock.now - stopped), timeout 1 s")
            }
        }
    }
}
