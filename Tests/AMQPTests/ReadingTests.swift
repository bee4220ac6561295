// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import TestSupport
import Testing

@testable import AMQP

@Suite(
    "A connection that reads a queue", .enabled(if: TestBroker.isThere, TestBroker.note), .timeLimit(.minutes(2)))
struct ReadingTests {
    private func publish(_ bodies: [[UInt8]], to queue: String, _ configuration: AMQPConfiguration) async throws {
        try await AMQPPublisher.running(configuration) { publisher in
            for error in await publisher.publish(bodies.map { AMQPMessage(exchange: "", routingKey: queue, body: $0) })
            {
                try #require(error == nil)
            }
        }
    }

    private func read(_ count: Int, _ connection: AMQPConnection) async throws -> [AMQPDelivery] {
        var deliveries: [AMQPDelivery] = []
        let deadline = ContinuousClock.now + .seconds(30)
        while deliveries.count < count, ContinuousClock.now < deadline {
            deliveries += try await connection.nextDeliveries(maximum: 7, within: .seconds(1))
        }
        return deliveries
    }

    @Test("gets its messages in order, and puts back in order what it does not settle")
    func order() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration, arguments: ["x-queue-type": "quorum"]) { _, queue, _ in
            let bodies = (0..<100).map { Array("\($0)".utf8) }
            try await publish(bodies, to: queue, configuration)
            for settled in [0, 0, 2] {
                try await AMQPConnection.withConnection(configuration) { connection in
                    try await connection.consume(queue: queue, prefetch: 200)
                    let deliveries = try await read(100, connection)
                    #expect(deliveries.map(\.body) == bodies)
                    #expect(try await connection.nextDeliveries(maximum: 1, within: .milliseconds(10)).isEmpty)
                    // Other requests go on meanwhile.
                    #expect(try await connection.checkQueue(queue).messages == 0)
                    try await connection.acknowledge(Array(deliveries.prefix(settled)))
                }
                try await expectEventually {
                    try await AMQPConnection.withConnection(configuration) {
                        try await $0.checkQueue(queue).messages == 100 - settled
                    }
                }
            }
            try await AMQPConnection.withConnection(configuration) { connection in
                try await connection.consume(queue: queue, prefetch: 200)
                #expect(try await read(98, connection).map(\.body) == Array(bodies.dropFirst(2)))
            }
        }
    }

    @Test("gets no more than the prefetch count, and keeps what arrives while nobody asks")
    func prefetch() async throws {
        var configuration = try TestBroker.configuration()
        configuration.heartbeat = .seconds(1)
        let patient = configuration
        try await withTopology(configuration) { _, queue, _ in
            try await publish((0..<20).map { [$0] }, to: queue, patient)
            try await AMQPConnection.withConnection(patient) { connection in
                try await connection.consume(queue: queue, prefetch: 10)
                // The broker gives up after two silent heartbeats and a bit; there is no event to wait for but time.
                try await Task.sleep(for: .seconds(4))
                #expect(try await read(10, connection).map(\.body) == (0..<10).map { [$0] })
                #expect(try await connection.nextDeliveries(maximum: 100, within: .milliseconds(200)).isEmpty)
            }
        }
    }

    @Test("leaves in the socket what is more than its limit, and still lives")
    func bytes() async throws {
        var configuration = try TestBroker.configuration()
        configuration.heartbeat = .seconds(1)
        let patient = configuration
        try await withTopology(configuration) { _, queue, _ in
            let body = [UInt8](repeating: 7, count: 1 << 20)
            try await publish(Array(repeating: body, count: 12), to: queue, patient)
            try await AMQPConnection.withConnection(patient) { connection in
                try await connection.consume(queue: queue, prefetch: 100)
                try await expectEventually { await connection.isReadingFull }
                // More than two heartbeats without a byte read; there is no event to wait for but time.
                try await Task.sleep(for: .seconds(4))
                let first = try await connection.nextDeliveries(maximum: 100, within: .zero)
                // Each heartbeat reads a frame, of which a megabyte takes eight.
                #expect((4...6).contains(first.count), "\(first.count)")
                #expect(try await read(12 - first.count, connection).count == 12 - first.count)
            }
        }
    }

    @Test("says when its queue is deleted, and refuses what does not go together")
    func errors() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { _, queue, _ in
            try await AMQPConnection.withConnection(configuration) { connection in
                let early = await failure { _ = try await connection.nextDeliveries(maximum: 1, within: .zero) }
                #expect(early?.code == .invalidArgument)
                #expect(await failure { try await connection.consume(queue: "none", prefetch: 1) }?.code == .notFound)
                try await connection.consume(queue: queue, prefetch: 1)
                let second = await failure { try await connection.consume(queue: queue, prefetch: 1) }
                #expect(second?.code == .invalidArgument)
                #expect(await failure { _ = try await connection.get(queue: queue) }?.code == .invalidArgument)
                try await AMQPConnection.withConnection(configuration) { _ = try await $0.deleteQueue(queue) }
                let gone = await failure { _ = try await connection.nextDeliveries(maximum: 1, within: .seconds(20)) }
                #expect(gone?.code == .notFound)
                let still = await failure { _ = try await connection.nextDeliveries(maximum: 1, within: .zero) }
                #expect(still?.code == .notFound)
            }
        }
    }

    @Test("says when a refused request has ended its channel, and settles nothing of it any more")
    func channelClosed() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { _, queue, _ in
            try await publish([[1]], to: queue, configuration)
            try await AMQPConnection.withConnection(configuration) { connection in
                try await connection.consume(queue: queue, prefetch: 1)
                let delivery = try #require(try await read(1, connection).first)
                #expect(await failure { _ = try await connection.checkQueue("none") }?.code == .notFound)
                let ended = await failure { _ = try await connection.nextDeliveries(maximum: 1, within: .zero) }
                #expect(ended?.code == .notFound)
                try await connection.acknowledge(delivery)
                try await expectEventually { try await connection.checkQueue(queue).messages == 1 }
            }
        }
    }

    @Test("says when the connection is lost")
    func lost() async throws {
        let configuration = try TestBroker.configuration()
        let proxy = try TCPProxy(target: configuration.addresses[0].port)
        defer { proxy.close() }
        var changed = configuration
        changed.addresses = [AMQPAddress(host: "127.0.0.1", port: proxy.port)]
        let proxied = changed
        try await withTopology(configuration) { _, queue, _ in
            try await AMQPConnection.withConnection(proxied) { connection in
                try await connection.consume(queue: queue, prefetch: 1)
                proxy.cut()
                let error = await failure { _ = try await connection.nextDeliveries(maximum: 1, within: .seconds(20)) }
                #expect(error?.code == .connectionLost)
            }
        }
    }
}
