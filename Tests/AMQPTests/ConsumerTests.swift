// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import TestSupport
import Testing

@Suite("A consumer", .enabled(if: TestBroker.isThere, TestBroker.note), .timeLimit(.minutes(2)))
struct ConsumerTests {
    private func publish(_ count: Int, to exchange: String, _ configuration: AMQPConfiguration) async throws {
        try await AMQPPublisher.running(configuration) { publisher in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<count {
                    group.addTask {
                        try await publisher.publish(
                            AMQPMessage(exchange: exchange, routingKey: "k", body: Array("\(number)".utf8)))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private func messages(in queue: String, _ configuration: AMQPConfiguration) async throws -> Int {
        try await AMQPConnection.withConnection(configuration) { try await $0.checkQueue(queue).messages }
    }

    @Test("hands out everything that has arrived, up to the maximum, without waiting for more")
    func batches() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            try await publish(250, to: exchange, configuration)
            try await AMQPConsumer.running(configuration, queue: queue, prefetch: 1000) { consumer in
                var sizes: [Int] = []
                while sizes.reduce(0, +) < 250 {
                    let batch = try await consumer.nextBatch(maximum: 100)
                    #expect(!batch.isEmpty && batch.count <= 100)
                    sizes.append(batch.count)
                    consumer.acknowledge(batch)
                }
                #expect(sizes.reduce(0, +) == 250)
            }
            #expect(try await messages(in: queue, configuration) == 0)
        }
    }

    @Test("gives way where one at a time takes: the next in line goes on, and what was delivered can be settled")
    func givesWay() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(
            configuration, arguments: ["x-queue-type": "quorum", "x-single-active-consumer": true]
        ) { exchange, queue, _ in
            try await AMQPConsumer.running(configuration, queue: queue, prefetch: 10) { first in
                try await expectEventually { first.status == .connected }
                try await AMQPConsumer.running(configuration, queue: queue, prefetch: 10) { second in
                    try await expectEventually { second.status == .connected }
                    try await publish(10, to: exchange, configuration)
                    let held = try await first.take(10)
                    #expect(first.deliveredSince != nil && second.deliveredSince == nil)
                    first.giveWay()
                    try await expectEventually { first.deliveredSince == nil }
                    try await publish(5, to: exchange, configuration)
                    second.acknowledge(try await second.take(5))
                    #expect(first.deliveredSince == nil && second.deliveredSince != nil)
                    // And back, at the end of the line, though what was delivered before has no answer yet.
                    second.giveWay()
                    try await expectEventually { second.deliveredSince == nil }
                    try await publish(3, to: exchange, configuration)
                    first.acknowledge(try await first.take(3))
                    #expect(first.deliveredSince != nil)
                    first.acknowledge(held)
                    try await expectEventually { first.unsettledCount == 0 }
                    #expect(held.map(\.redelivered).allSatisfy { !$0 })
                }
            }
            #expect(try await messages(in: queue, configuration) == 0)
        }
    }

    @Test("gets no more than the prefetch count ahead of its acknowledgements")
    func prefetch() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            try await publish(50, to: exchange, configuration)
            try await AMQPConsumer.running(configuration, queue: queue, prefetch: 10) { consumer in
                var held: [AMQPDelivery] = []
                while held.count < 10 { held += try await consumer.nextBatch(maximum: 100) }
                #expect(held.count == 10)
                try await expectEventually { try await messages(in: queue, configuration) == 40 }
                // Out of order, so that every one goes by itself but the last.
                for delivery in held.reversed() { consumer.acknowledge(delivery) }
                let next = try await consumer.take(40)
                #expect(next.count == 40)
                #expect(Set((held + next).map(\.body)).count == 50)
            }
            try await expectEventually { try await messages(in: queue, configuration) == 0 }
        }
    }

    @Test("gives deliveries back to the queue, which delivers them again")
    func requeue() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            try await publish(1, to: exchange, configuration)
            try await AMQPConsumer.running(configuration, queue: queue) { consumer in
                let first = try #require(try await consumer.nextBatch(maximum: 10).first)
                #expect(!first.redelivered)
                consumer.reject(first, requeue: true)
                let second = try #require(try await consumer.nextBatch(maximum: 10).first)
                #expect(second.redelivered)
                #expect(second.body == first.body)
                consumer.reject(through: second, requeue: false)
            }
            try await expectEventually { try await messages(in: queue, configuration) == 0 }
        }
    }

    @Test("survives settling a delivery twice, and settling one of an earlier connection")
    func staleSettlement() async throws {
        let configuration = try TestBroker.configuration()
        let proxy = try TCPProxy(target: configuration.addresses[0].port)
        defer { proxy.close() }
        var changed = configuration
        changed.addresses = [AMQPAddress(host: "127.0.0.1", port: proxy.port)]
        let proxied = changed
        try await withTopology(configuration) { exchange, queue, _ in
            try await publish(3, to: exchange, configuration)
            try await AMQPConsumer.running(proxied, queue: queue) { consumer in
                var old: [AMQPDelivery] = []
                while old.count < 3 { old += try await consumer.nextBatch(maximum: 10) }
                consumer.acknowledge(old[0])
                consumer.acknowledge(old[0])
                consumer.reject(old[0], requeue: true)
                try await expectEventually {
                    // Two left unacknowledged, none ready: the acknowledgement has arrived when a cut brings two back.
                    try await messages(in: queue, configuration) == 0
                }
                proxy.cut()
                let again = try await consumer.nextBatch(maximum: 10)
                consumer.acknowledge(through: old[2])
                consumer.reject(old[1], requeue: false)
                var deliveries = again
                while deliveries.count < 2 { deliveries += try await consumer.nextBatch(maximum: 10) }
                #expect(deliveries.map(\.redelivered) == [true, true])
                #expect(consumer.status == .connected)
                consumer.acknowledge(deliveries)
            }
            try await expectEventually { try await messages(in: queue, configuration) == 0 }
        }
    }

    @Test("declares and consumes its queue again after it was deleted")
    func queueDeleted() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, topology in
            try await AMQPConsumer.running(configuration, queue: queue, topology: topology) { consumer in
                try await expectEventually { consumer.status == .connected }
                try await AMQPConnection.withConnection(configuration) { _ = try await $0.deleteQueue(queue) }
                try await expectEventually {
                    let error = await failure {
                        try await AMQPConnection.withConnection(configuration) { connection in
                            guard try await connection.checkQueue(queue).consumers == 1 else { throw Missing() }
                        }
                    }
                    return error == nil && consumer.status == .connected
                }
                try await publish(1, to: exchange, configuration)
                #expect(try await consumer.take(1).count == 1)
            }
        }
    }

    private struct Missing: Error {}

    @Test("of a missing queue shows that in its status, and starts when the queue appears")
    func missingQueue() async throws {
        let configuration = try TestBroker.configuration()
        let name = TestBroker.name("late")
        try await AMQPConsumer.running(configuration, queue: name) { consumer in
            try await expectEventually {
                guard case .connecting(let error?) = consumer.status else { return false }
                return error.code == .notFound
            }
            try await AMQPConnection.withConnection(configuration) { _ = try await $0.declare(AMQPQueue(name: name)) }
            try await expectEventually { consumer.status == .connected }
        }
        try await AMQPConnection.withConnection(configuration) { _ = try await $0.deleteQueue(name) }
    }

    @Test("ends a wait for deliveries with an empty batch when it ends, and with an error when the task is cancelled")
    func endOfWaiting() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { _, queue, _ in
            let consumer = AMQPConsumer(configuration: configuration, queue: queue, prefetch: 1, logger: testLogger)
            let running = Task { try await consumer.run() }
            let cancelled = Task { try await consumer.nextBatch(maximum: 1) }
            let waiting = Task { try await consumer.nextBatch(maximum: 1) }
            cancelled.cancel()
            #expect(await failure { _ = try await cancelled.value }?.code == .cancelled)
            try await expectEventually { consumer.status == .connected }
            running.cancel()
            #expect(try await waiting.value.isEmpty)
            try await running.value
            #expect(try await consumer.nextBatch(maximum: 1).isEmpty)
            #expect(consumer.status == .closed)
        }
    }

    @Test("waits at its end for the settlement of what it has handed out")
    func drain() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            try await publish(20, to: exchange, configuration)
            let consumer = AMQPConsumer(configuration: configuration, queue: queue, prefetch: 10, logger: testLogger)
            let running = Task { try await consumer.run() }
            var held: [AMQPDelivery] = []
            while held.count < 5 { held += try await consumer.nextBatch(maximum: 5 - held.count) }
            running.cancel()
            #expect(try await consumer.nextBatch(maximum: 10).isEmpty)
            consumer.acknowledge(held)
            try await running.value
            try await expectEventually { try await messages(in: queue, configuration) == 15 }
        }
    }
}
