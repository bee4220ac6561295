// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import Foundation
import Synchronization
import TestSupport
import Testing

/// What happened to the messages that a load published.
private struct Tally: Sendable {
    var confirmed: Set<String> = []
    var failed: [AMQPError.Code: Int] = [:]
    /// The longest that any publish took.
    var slowest = Duration.zero
}

/// Publishes from many tasks, one message after the other, until told to stop.
private final class Load: Sendable {
    private let tally = Mutex(Tally())
    private let isOver = Atomic<Bool>(false)

    var confirmed: Int { tally.withLock { $0.confirmed.count } }

    /// Runs the load around a body.
    func running(_ publisher: AMQPPublisher, exchange: String, _ body: () async throws -> Void) async throws -> Tally {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<20 {
                group.addTask {
                    var number = 0
                    while !self.isOver.load(ordering: .relaxed) {
                        number += 1
                        await self.publish("\(task)-\(number)", publisher, exchange)
                    }
                }
            }
            // Whatever happens, the tasks end.
            defer { isOver.store(true, ordering: .relaxed) }
            try await body()
        }
        return tally.withLock { $0 }
    }

    private func publish(_ id: String, _ publisher: AMQPPublisher, _ exchange: String) async {
        let properties = AMQPProperties(deliveryMode: .persistent, messageID: id)
        let message = AMQPMessage(exchange: exchange, routingKey: "k", properties: properties, body: Array(id.utf8))
        let start = ContinuousClock.now
        let error = await failure { try await publisher.publish(message) }
        let time = ContinuousClock.now - start
        tally.withLock { tally in
            tally.slowest = max(tally.slowest, time)
            if let error { tally.failed[error.code, default: 0] += 1 } else { tally.confirmed.insert(id) }
        }
    }
}

/// What a consumer has received.
private final class Received: Sendable {
    let identifiers = Mutex<Set<String>>([])
}

/// Everything that is in a queue.
private func identifiers(in queue: String, _ configuration: AMQPConfiguration) async throws -> Set<String> {
    let count = try await AMQPConnection.withConnection(configuration) { try await $0.checkQueue(queue).messages }
    return try await AMQPConsumer.running(configuration, queue: queue, prefetch: 1000) { consumer in
        Set(try await consumer.take(count).compactMap(\.properties.messageID))
    }
}

@Suite("With faults", .enabled(if: FaultyBroker.isThere, TestBroker.note), .serialized, .timeLimit(.minutes(4)))
struct FaultTests {
    private static let quorum: AMQPTable = ["x-queue-type": "quorum"]
    private static let unavailable: Set<AMQPError.Code> = [.connectionFailed, .connectionLost, .timedOut, .blocked]

    @Test("every confirmed message is there after the broker was killed and started again in mid-publish")
    func killed() async throws {
        try await FaultyBroker.running { broker in
            try await withTopology(broker.configuration, arguments: Self.quorum) { exchange, queue, _ in
                let load = Load()
                let tally = try await AMQPPublisher.running(broker.configuration) { publisher in
                    try await load.running(publisher, exchange: exchange) {
                        try await expectEventually { load.confirmed > 500 }
                        // RabbitMQ writes the name of a new quorum queue to disk up to 3 s after its declaration (the
                        // delay of Erlang's dets). Killed before, it starts the queue anew, empty. Nothing shows when
                        // it is written.
                        try await Task.sleep(for: .seconds(6))
                        try await broker.kill()
                        try await broker.start()
                        let before = load.confirmed
                        try await expectEventually { load.confirmed > before + 500 }
                    }
                }
                #expect(tally.failed.keys.allSatisfy { Self.unavailable.contains($0) })
                #expect(tally.slowest < broker.configuration.publishTimeout + busyMachine)
                let there = try await identifiers(in: queue, broker.configuration)
                #expect(tally.confirmed.subtracting(there).isEmpty)
            }
        }
    }

    @Test("a frozen broker ends in typed errors in time, and the flow goes on when it thaws")
    func frozen() async throws {
        try await FaultyBroker.running { broker in
            try await withTopology(broker.configuration, arguments: Self.quorum) { exchange, queue, _ in
                let load = Load()
                let tally = try await AMQPPublisher.running(broker.configuration) { publisher in
                    try await load.running(publisher, exchange: exchange) {
                        try await expectEventually { load.confirmed > 500 }
                        try await broker.pause()
                        // Two heartbeats of silence, and the connection is given up.
                        try await expectEventually { publisher.status != .connected }
                        let message = AMQPMessage(exchange: exchange, routingKey: "k", body: [])
                        let start = ContinuousClock.now
                        let error = await failure { try await publisher.publish(message) }
                        #expect(error.map { Self.unavailable.contains($0.code) } == true)
                        #expect(ContinuousClock.now - start < broker.configuration.publishTimeout + busyMachine)
                        try await broker.resume()
                        let before = load.confirmed
                        try await expectEventually { load.confirmed > before + 500 }
                    }
                }
                #expect(!tally.failed.isEmpty)
                #expect(tally.failed.keys.allSatisfy { Self.unavailable.contains($0) })
                #expect(tally.slowest < broker.configuration.publishTimeout + busyMachine)
                let there = try await identifiers(in: queue, broker.configuration)
                #expect(tally.confirmed.subtracting(there).isEmpty)
            }
        }
    }

    @Test("a write that a frozen broker does not read is cut, and its caller gets an error in time")
    func stuckWrite() async throws {
        try await FaultyBroker.running { broker in
            var changed = broker.configuration
            // Without heartbeats nothing but the guard notices.
            changed.heartbeat = .zero
            changed.windowBytes = 1 << 30
            let configuration = changed
            try await withTopology(broker.configuration) { exchange, _, _ in
                try await AMQPPublisher.running(configuration) { publisher in
                    let small = AMQPMessage(exchange: exchange, routingKey: "k", body: [])
                    try await publisher.publish(small)
                    try await broker.pause()
                    // More than the kernel buffers for a connection.
                    let large = AMQPMessage(
                        exchange: exchange, routingKey: "k", body: Array(repeating: 0, count: 64 << 20))
                    let start = ContinuousClock.now
                    let error = await failure { try await publisher.publish(large) }
                    #expect(error?.code == .timedOut)
                    #expect(ContinuousClock.now - start < configuration.publishTimeout + busyMachine)
                    try await expectEventually(within: configuration.rpcTimeout + busyMachine) {
                        publisher.status != .connected
                    }
                    try await broker.resume()
                    try await expectEventually { await failure { try await publisher.publish(small) } == nil }
                }
            }
        }
    }

    @Test("an alarm of the broker shows as blocked, ends in typed errors in time, and the flow goes on after it")
    func alarm() async throws {
        try await FaultyBroker.running { broker in
            try await withTopology(broker.configuration, arguments: Self.quorum) { exchange, queue, _ in
                let load = Load()
                let tally = try await AMQPPublisher.running(broker.configuration) { publisher in
                    try await load.running(publisher, exchange: exchange) {
                        try await expectEventually { load.confirmed > 500 }
                        try await broker.control("set_vm_memory_high_watermark", "0.00001")
                        try await expectEventually {
                            guard case .blocked = publisher.status else { return false }
                            return true
                        }
                        let message = AMQPMessage(exchange: exchange, routingKey: "k", body: [])
                        let error = await failure { try await publisher.publish(message) }
                        #expect(error?.code == .blocked)
                        try await broker.control("set_vm_memory_high_watermark", "0.4")
                        let before = load.confirmed
                        try await expectEventually { load.confirmed > before + 500 }
                        #expect(publisher.status == .connected)
                    }
                }
                #expect(tally.failed.keys.allSatisfy { Self.unavailable.contains($0) })
                #expect(tally.slowest < broker.configuration.publishTimeout + busyMachine)
                let there = try await identifiers(in: queue, broker.configuration)
                #expect(tally.confirmed.subtracting(there).isEmpty)
            }
        }
    }

    @Test("a consumer goes on after its broker was stopped and started again, and gets every message")
    func consumerOverRestart() async throws {
        try await FaultyBroker.running { broker in
            try await withTopology(broker.configuration, arguments: Self.quorum) { exchange, queue, _ in
                let received = Received()
                let tally = try await AMQPConsumer.running(broker.configuration, queue: queue) { consumer in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask {
                            while true {
                                let batch = try await consumer.nextBatch(maximum: 50)
                                if batch.isEmpty { return }
                                received.identifiers.withLock { $0.formUnion(batch.compactMap(\.properties.messageID)) }
                                consumer.acknowledge(batch)
                            }
                        }
                        let load = Load()
                        let tally = try await AMQPPublisher.running(broker.configuration) { publisher in
                            try await load.running(publisher, exchange: exchange) {
                                try await expectEventually { load.confirmed > 500 }
                                try await broker.stop()
                                try await broker.start()
                                let before = load.confirmed
                                try await expectEventually { load.confirmed > before + 500 }
                            }
                        }
                        try await expectEventually {
                            received.identifiers.withLock { tally.confirmed.subtracting($0).isEmpty }
                        }
                        group.cancelAll()
                        return tally
                    }
                }
                #expect(tally.confirmed.count > 1000)
            }
        }
    }
}

@Suite("Behind a bad network", .enabled(if: TestBroker.isThere, TestBroker.note), .timeLimit(.minutes(2)))
struct NetworkFaultTests {
    private func configuration(_ proxy: TCPProxy) throws -> AMQPConfiguration {
        var configuration = try TestBroker.configuration()
        configuration.addresses = [AMQPAddress(host: "127.0.0.1", port: proxy.port)]
        configuration.heartbeat = .seconds(1)
        configuration.connectTimeout = .seconds(1)
        configuration.publishTimeout = .seconds(3)
        configuration.reconnectMaximum = .milliseconds(300)
        return configuration
    }

    @Test("a cut socket costs no confirmed message, and nobody notices but by the time it takes")
    func cut() async throws {
        let direct = try TestBroker.configuration()
        let proxy = try TCPProxy(target: direct.addresses[0].port)
        defer { proxy.close() }
        let configuration = try configuration(proxy)
        try await withTopology(direct) { exchange, queue, _ in
            let load = Load()
            let tally = try await AMQPPublisher.running(configuration) { publisher in
                try await load.running(publisher, exchange: exchange) {
                    for _ in 0..<5 {
                        let before = load.confirmed
                        try await expectEventually { load.confirmed > before + 200 }
                        proxy.cut()
                    }
                    let before = load.confirmed
                    try await expectEventually { load.confirmed > before + 200 }
                }
            }
            #expect(tally.failed.isEmpty)
            let there = try await identifiers(in: queue, direct)
            #expect(tally.confirmed.subtracting(there).isEmpty)
        }
    }

    @Test("a network that swallows everything ends in typed errors in time, and the flow goes on after it")
    func stalled() async throws {
        let direct = try TestBroker.configuration()
        let proxy = try TCPProxy(target: direct.addresses[0].port)
        defer { proxy.close() }
        let configuration = try configuration(proxy)
        try await withTopology(direct) { exchange, queue, _ in
            let load = Load()
            let tally = try await AMQPPublisher.running(configuration) { publisher in
                try await load.running(publisher, exchange: exchange) {
                    try await expectEventually { load.confirmed > 200 }
                    proxy.setStalled(true)
                    try await expectEventually { publisher.status != .connected }
                    let message = AMQPMessage(exchange: exchange, routingKey: "k", body: [])
                    let start = ContinuousClock.now
                    #expect(await failure { try await publisher.publish(message) } != nil)
                    #expect(ContinuousClock.now - start < configuration.publishTimeout + busyMachine)
                    proxy.setStalled(false)
                    let before = load.confirmed
                    try await expectEventually { load.confirmed > before + 200 }
                }
            }
            let expected: Set<AMQPError.Code> = [.timedOut, .connectionLost, .connectionFailed]
            #expect(tally.failed.keys.allSatisfy { expected.contains($0) })
            #expect(tally.slowest < configuration.publishTimeout + busyMachine)
            let there = try await identifiers(in: queue, direct)
            #expect(tally.confirmed.subtracting(there).isEmpty)
        }
    }

    @Test("a consumer whose socket is cut gets every message", arguments: [1, 50])
    func consumerCut(_ batch: Int) async throws {
        let direct = try TestBroker.configuration()
        let proxy = try TCPProxy(target: direct.addresses[0].port)
        defer { proxy.close() }
        let configuration = try configuration(proxy)
        try await withTopology(direct) { exchange, queue, _ in
            try await AMQPPublisher.running(direct) { publisher in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<1000 {
                        group.addTask {
                            try await publisher.publish(
                                AMQPMessage(exchange: exchange, routingKey: "k", body: Array("\(number)".utf8)))
                        }
                    }
                    try await group.waitForAll()
                }
            }
            try await AMQPConsumer.running(configuration, queue: queue, prefetch: 64) { consumer in
                var bodies: Set<[UInt8]> = []
                var nextCut = 200
                while bodies.count < 1000 {
                    let deliveries = try await consumer.nextBatch(maximum: batch)
                    bodies.formUnion(deliveries.map(\.body))
                    consumer.acknowledge(deliveries)
                    if bodies.count >= nextCut {
                        proxy.cut()
                        nextCut += 200
                    }
                }
                #expect(bodies.count == 1000)
            }
        }
    }

    @Test(
        "a message with headers nested very deep is delivered without them, and the next one as usual",
        arguments: [17, 3000])
    func deepHeaders(_ depth: Int) async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            try await HandmadeClient.publish(toQueue: queue, headerDepth: depth, port: configuration.addresses[0].port)
            try await AMQPPublisher.running(configuration) { publisher in
                try await publisher.publish(AMQPMessage(exchange: exchange, routingKey: "k", body: [1]))
            }
            let deliveries = try await AMQPConsumer.running(configuration, queue: queue) { try await $0.take(2) }
            #expect(deliveries.map(\.hasOmittedHeaders) == [true, false])
            #expect(deliveries.last?.body == [1])
        }
    }
}
