// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import CQRSTesting
import Essentials
import ServiceLifecycle
import TestSupport
import Testing

@Suite("A relay to RabbitMQ", .timeLimit(.minutes(1)))
struct RelayOrderTests {
    @Test("delivers a stream in order, however often its connection is lost in the middle of a batch")
    func lostConnections() async throws {
        guard let url = try TestEnvironment.amqpURL() else { return }
        let direct = try AMQPConfiguration(url: url)
        let proxy = try TCPProxy(target: direct.addresses[0].port)
        defer { proxy.close() }
        var proxied = direct
        proxied.addresses = [AMQPAddress(host: "127.0.0.1", port: proxy.port)]
        let context = "relay\(Int.random(in: 0..<1_000_000_000))"
        let queue = EventTopology.queue(of: context)
        var topology = EventTopology.subscription(of: context, eventPatterns: ["\(context).*"])
        topology.exchanges += EventTopology.exchanges.exchanges
        let publisher = AMQPPublisher(configuration: proxied, topology: topology, logger: quietLogger)
        let consumer = AMQPConsumer(
            configuration: direct, queue: queue, prefetch: 1000, topology: topology, logger: quietLogger)
        let store = InMemoryEventStore()
        let outbox = Outbox(store: store)
        let relay = Relay(
            store: store, outbox: outbox, publisher: AMQPEventPublisher(publisher: publisher, application: "test"),
            logger: quietLogger)
        let subscription = AMQPEventSubscription(consumer: consumer, publisher: publisher, queue: queue)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await publisher.run() }
            group.addTask { try await consumer.run() }
            group.addTask { try await ServiceGroup(services: [relay], logger: quietLogger).run() }
            defer { group.cancelAll() }
            try await eventually("ready") { consumer.status == .connected && outbox.readiness == .ready }
            // Each when some of a batch is written.
            cut(proxy, times: 3)
            try await append(600, of: context, to: outbox)
            var firsts: [Int64] = []
            while firsts.count < 1200 {
                let deliveries = try await subscription.nextBatch(maximum: 500)
                for delivery in deliveries {
                    let version = try delivery.event.get().version
                    if !firsts.contains(version) { firsts.append(version) }
                }
                try await subscription.acknowledge(deliveries)
            }
            #expect(firsts == Array(1...1200))
            #expect(!proxy.isArmed)
        }
        try await AMQPConnection.withConnection(direct) { connection in
            for queue in topology.queues { try await connection.deleteQueue(queue.name) }
        }
    }

    private func cut(_ proxy: TCPProxy, times count: Int) {
        guard count > 0 else { return }
        proxy.after(bytes: 100_000) { proxy in
            proxy.cut()
            cut(proxy, times: count - 1)
        }
    }

    /// Appends commits of two events to a stream.
    private func append(_ count: Int64, of context: String, to outbox: Outbox) async throws {
        let stream = makeStream()
        for number in 0..<count {
            let commit = makeCommit(stream, 2 * number + 1, events: 2, type: "\(context).happened")
            #expect(try await outbox.append(commit) == .appended)
        }
    }
}
