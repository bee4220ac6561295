// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import ArgumentParser
import CQRS
import CQRSAMQP
import Essentials
import Testing

@testable import Consumer
@testable import OperatorKit

@Suite("The topology on a broker", .timeLimit(.minutes(3)))
struct TopologyTests {
    private func check(_ host: TestVirtualHost, withManagement: Bool) async throws -> (status: Int32, lines: [String]) {
        let recorder = Recorder()
        let status = try await TopologyCommand<Consumer>.Check.parse([]).execute(
            host.broker, withManagement ? host.management : nil, recorder.console)
        return (status, recorder.lines)
    }

    private func declare(
        _ host: TestVirtualHost, withManagement: Bool, as broker: AMQPConfiguration? = nil
    ) async throws -> (status: Int32, lines: [String]) {
        let recorder = Recorder()
        let status = try await TopologyCommand<Consumer>.Declare.parse([]).execute(
            broker ?? host.broker, withManagement ? host.management : nil, recorder.console)
        return (status, recorder.lines)
    }

    private let described = TopologyOptions<Consumer>.topology
    private var declarable: Int { described.amqp.exchanges.count + described.amqp.queues.count }
    private var bindings: Int { described.amqp.bindings.count }
    private var policies: Int { described.policies.count }
    private var all: Int { declarable + bindings + policies }

    @Test("is declared on an empty broker, and then is as described")
    func fromNothing() async throws {
        try await TestVirtualHost.with { host in
            let before = try await check(host, withManagement: true)
            #expect(before.status == 1)
            #expect(before.lines.count { $0.hasPrefix("missing ") } == all)
            let first = try await declare(host, withManagement: true)
            #expect(first.status == 0)
            #expect(first.lines.count { $0.hasPrefix("made ") } == declarable + policies)
            #expect(first.lines.count { $0.hasPrefix("bound ") } == bindings)
            let after = try await check(host, withManagement: true)
            #expect(after.status == 0)
            #expect(after.lines.count == all && after.lines.allSatisfy { $0.hasPrefix("ok ") }, "\(after.lines)")
            let second = try await declare(host, withManagement: true)
            #expect(second.status == 0)
            #expect(second.lines.count { $0.hasPrefix("exists ") } == declarable + policies)
        }
    }

    @Test("is compared without the management API as far as AMQP goes")
    func overAMQP() async throws {
        try await TestVirtualHost.with { host in
            let before = try await check(host, withManagement: false)
            #expect(before.status == 1)
            #expect(before.lines.count { $0.hasPrefix("missing ") } == declarable)
            #expect(before.lines.count { $0.hasPrefix("unchecked ") } == bindings + policies)
            // It is a check: nothing was made.
            #expect(try await check(host, withManagement: true).lines.count { $0.hasPrefix("missing ") } == all)

            let declared = try await declare(host, withManagement: false)
            #expect(declared.status == 0)
            #expect(!declared.lines.contains { $0.contains("policy") })
            let after = try await check(host, withManagement: false)
            #expect(after.status == 0)
            #expect(after.lines.count { $0.hasPrefix("ok ") } == declarable)
        }
    }

    /// Gives an exchange, a queue and policies other properties.
    private func spoil(_ host: TestVirtualHost) async throws {
        try await AMQPConnection.withConnection(host.broker) { connection in
            try await connection.deleteQueue("users.projection.dead")
            try await connection.declare(
                AMQPQueue(name: "users.projection.dead", arguments: ["x-queue-type": "classic"]))
            try await connection.deleteExchange("domain_events.unrouted")
            try await connection.declare(AMQPExchange(name: "domain_events.unrouted", kind: .direct))
        }
        try await host.removePolicy("domain_events")
        try await host.management.set(BrokerPolicy("users.projection", on: .queues, ["delivery-limit": 5]))
        try await host.management.set(
            BrokerPolicy(
                name: "all", target: .queues, pattern: ".*", priority: 9, definition: ["max-length": 1000]))
    }

    @Test("is left as it is where it has other properties")
    func declareOverOther() async throws {
        try await TestVirtualHost.withTopology { host in
            try await spoil(host)
            let declared = try await declare(host, withManagement: false)
            #expect(declared.status == 1)
            #expect(declared.lines.count { $0.hasPrefix("FAILED ") } == 2)
            // Bound anew: with the exchange its bindings had gone.
            let seen = try await check(host, withManagement: true).lines.filter { $0.contains(" binding ") }
            #expect(seen.count { $0.hasPrefix("ok ") } == bindings, "\(seen)")
        }
    }

    @Test("is compared property by property")
    func checkOther() async throws {
        try await TestVirtualHost.withTopology { host in
            try await spoil(host)
            let blind = try await check(host, withManagement: false)
            #expect(blind.status == 1)
            #expect(blind.lines.count { $0.hasPrefix("different ") } == 2)
            let seen = try await check(host, withManagement: true)
            #expect(seen.status == 1)
            let expected = [
                "different  exchange domain_events.unrouted: its type is direct, not fanout",
                #"different  queue users.projection.dead: x-queue-type is "classic", not "quorum""#,
                #"missing    binding domain_events.unrouted → domain_events.unrouted, key """#,
                "missing    policy domain_events",
                "different  policy users.projection: ",
                "different  policy users.projection.dead: it is not in force: the policy all is",
            ]
            for start in expected { #expect(seen.lines.contains { $0.hasPrefix(start) }, "\(start)") }
        }
    }

    @Test("is declared by the consumer's own user as far as its rights go, and the rest is named")
    func rights() async throws {
        try await TestVirtualHost.with { host in
            try await host.permitConsumer()
            var limited = host.broker
            (limited.user, limited.password) = ("consumer", "consumer")
            let alone = try await declare(host, withManagement: false, as: limited)
            #expect(alone.status == 1)
            #expect(alone.lines.count { $0.hasPrefix("made       queue users.projection") } == 5)
            #expect(
                alone.lines.contains("FAILED     exchange domain_events: this user needs the right to configure it"))
            _ = try await declare(host, withManagement: false)
            let recorder = Recorder()
            let status = try await TopologyCommand<Consumer>.Check.parse([]).execute(limited, nil, recorder.console)
            #expect(status == 0)
            #expect(recorder.lines.count { $0.hasPrefix("ok         queue users.projection") } == 5)
            #expect(recorder.lines.count { $0.hasPrefix("unchecked ") } == bindings + policies + 3)
        }
    }

    @Test("is refused by a management API that is not there, or to a user who may not look")
    func managementErrors() async throws {
        try await TestVirtualHost.with { host in
            func complaint(
                _ status: Int32, _ url: String, _ edit: (inout AMQPConfiguration) -> Void = { _ in }
            ) async throws -> String {
                var broker = host.broker
                edit(&broker)
                let api = ManagementAPI(url: try ManagementURL(url), broker: broker)
                let error = await #expect(throws: OperatorError.self) { _ = try await api.topology() }
                #expect(error?.exitStatus == status)
                return error?.description ?? ""
            }
            let away = try await complaint(69, "http://a:secret@127.0.0.1:1")
            #expect(away.hasPrefix("no management API answers at http://127.0.0.1:1:"))
            let stranger = try await complaint(77, host.managementAddress) { $0.password = "secret" }
            #expect(stranger.contains("refuses this user or password"))
            let elsewhere = try await complaint(69, host.managementAddress) { $0.virtualHost = "none" }
            #expect(elsewhere.contains("no such virtual host"))
        }
    }

    @Test("tells a broker that differs from one that refuses the password, and from none, by the exit status")
    func statuses() async throws {
        try await TestVirtualHost.with { host in
            let check = try TopologyCommand<Consumer>.Check.parse([])
            #expect(try await check.execute(host.broker, nil, Recorder().console) == 1)
            for (status, edit): (Int32, (inout AMQPConfiguration) -> Void) in [
                (77, { $0.password = "wrong" }), (69, { $0.addresses[0].port = 1 }),
            ] {
                var broker = host.broker
                edit(&broker)
                let error = await #expect(throws: OperatorError.self) {
                    try await check.execute(broker, nil, Recorder().console)
                }
                #expect(error?.exitStatus == status)
            }
        }
    }

    @Test("brings a message back from a retry queue after its delay, as it was")
    func retry() async throws {
        try await TestVirtualHost.withTopology { host in
            var message = eventMessage(1, 1)
            message.exchange = ""
            message.routingKey = EventTopology.retryQueue(of: "users.projection", after: .seconds(1))
            message.properties.headers?["x-retry-attempts"] = 2
            message.properties.priority = 3
            let start = ContinuousClock.now
            try await host.publish([message])
            let back = try #require(try await host.take(1, from: "users.projection").first)
            let delay = ContinuousClock.now - start
            #expect(delay >= .milliseconds(950))
            #expect(delay < .seconds(20))
            #expect(back.body == message.body)
            var properties = back.properties
            // What the broker adds: it tells of the wait.
            for name in [
                "x-death", "x-first-death-exchange", "x-first-death-queue", "x-first-death-reason",
                "x-last-death-exchange", "x-last-death-queue", "x-last-death-reason", "x-delivery-count",
            ] {
                properties.headers?[name] = nil
            }
            #expect(properties == message.properties)
            #expect(try await host.count(message.routingKey) == 0)
        }
    }

    @Test("keeps a message in the longer retry queues")
    func longRetries() async throws {
        try await TestVirtualHost.withTopology { host in
            for delay in EventTopology.retryDelays.dropFirst() {
                var message = eventMessage(1, 1)
                (message.exchange, message.routingKey) = (
                    "", EventTopology.retryQueue(of: "users.projection", after: delay)
                )
                try await host.publish([message])
                #expect(try await host.count(message.routingKey) == 1)
            }
            let first = try #require(try await host.take(1, from: "users.projection").first)
            #expect(first.properties.headers?["x-first-death-queue"] == "users.projection.retry.10s")
            #expect(try await host.count("users.projection.retry.60s") == 1)
        }
    }
}
