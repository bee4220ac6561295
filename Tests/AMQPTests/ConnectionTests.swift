// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import Testing

@Suite("A connection for single requests", .enabled(if: TestBroker.isThere, TestBroker.note), .timeLimit(.minutes(1)))
struct ConnectionTests {
    @Test("declares a topology twice, and looks at it")
    func declare() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, topology in
            try await AMQPConnection.withConnection(configuration) { connection in
                try await connection.declare(topology)
                try await connection.checkExchange(exchange)
                let state = try await connection.checkQueue(queue)
                #expect(state.messages == 0)
                #expect(state.consumers == 0)
            }
        }
    }

    @Test("says that a plugin is missing where the broker does not know a type of exchange")
    func unknownType() async throws {
        let error = await failure {
            try await AMQPConnection.withConnection(TestBroker.configuration()) { connection in
                try await connection.declare(AMQPExchange(name: "unknown", kind: .init(rawValue: "x-unknown")))
            }
        }
        #expect(error?.code == .protocolViolation)
        #expect(error.map { "\($0)" }?.contains("is its plugin enabled there?") == true)
    }

    @Test("stays usable after refused requests")
    func refused() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            try await AMQPConnection.withConnection(configuration) { connection in
                #expect(await failure { _ = try await connection.checkQueue("no-such-queue") }?.code == .notFound)
                #expect(await failure { try await connection.checkExchange("no-such-exchange") }?.code == .notFound)
                let other = AMQPQueue(name: queue, durable: false)
                let error = await failure { _ = try await connection.declare(other) }
                #expect(error?.code == .preconditionFailed)
                #expect(error?.replyCode == 406)
                let reserved = AMQPQueue(name: "amq.reserved")
                #expect(await failure { _ = try await connection.declare(reserved) }?.code == .accessRefused)
                let nowhere = AMQPBinding(source: exchange, destination: .queue("no-such-queue"), routingKey: "k")
                #expect(await failure { try await connection.declare(nowhere) }?.code == .notFound)
                let long = String(repeating: "q", count: 256)
                #expect(await failure { _ = try await connection.checkQueue(long) }?.code == .invalidArgument)
                let state = try await connection.checkQueue(queue)
                #expect(state.messages == 0)
            }
        }
    }

    @Test("takes messages one by one, settles them, and puts the rest back")
    func get() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            try await AMQPPublisher.running(configuration) { publisher in
                for body in ["one", "two", "three"] {
                    try await publisher.publish(
                        AMQPMessage(exchange: exchange, routingKey: "k", body: Array(body.utf8)))
                }
            }
            try await AMQPConnection.withConnection(configuration) { connection in
                let one = try #require(try await connection.get(queue: queue))
                #expect(one.body == Array("one".utf8))
                try await connection.acknowledge(one)
                let two = try #require(try await connection.get(queue: queue))
                try await connection.reject(two, requeue: false)
                let three = try #require(try await connection.get(queue: queue))
                try await connection.reject(three, requeue: true)
                try await expectEventually { try await connection.checkQueue(queue).messages == 1 }
                #expect(try await connection.purge(queue: queue) == 1)
                #expect(try await connection.get(queue: queue) == nil)
            }
        }
    }

    @Test("binds exchanges to exchanges, and removes bindings")
    func exchangeBinding() async throws {
        let configuration = try TestBroker.configuration()
        let inner = TestBroker.name("inner")
        try await withTopology(configuration) { exchange, queue, _ in
            let binding = AMQPBinding(source: inner, destination: .exchange(exchange), routingKey: "")
            try await AMQPConnection.withConnection(configuration) { connection in
                try await connection.declare(AMQPExchange(name: inner, kind: .fanout))
                try await connection.declare(binding)
            }
            try await AMQPPublisher.running(configuration) { publisher in
                try await publisher.publish(AMQPMessage(exchange: inner, routingKey: "k", body: []))
                try await AMQPConnection.withConnection(configuration) { try await $0.remove(binding) }
                let error = await failure {
                    try await publisher.publish(AMQPMessage(exchange: inner, routingKey: "k", body: []))
                }
                #expect(error?.code == .unroutable)
            }
            try await AMQPConnection.withConnection(configuration) { connection in
                #expect(try await connection.checkQueue(queue).messages == 1)
                try await connection.deleteExchange(inner)
            }
        }
    }

    @Test("lives on through idle time, by its heartbeats")
    func heartbeat() async throws {
        var configuration = try TestBroker.configuration()
        configuration.heartbeat = .seconds(1)
        try await AMQPConnection.withConnection(configuration) { connection in
            // The broker gives up after two silent heartbeats and a bit; there is no event to wait for but time.
            try await Task.sleep(for: .seconds(4))
            #expect(await failure { _ = try await connection.checkQueue("no-such-queue") }?.code == .notFound)
        }
    }
}
