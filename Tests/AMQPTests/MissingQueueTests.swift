// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import Synchronization
import Testing

@Suite(
    "A consumer that finds its queue missing", .enabled(if: TestBroker.isThere, TestBroker.note),
    .timeLimit(.minutes(2)))
struct MissingQueueTests {
    private struct NotNow: Error {}

    private func delete(_ queue: String, _ configuration: AMQPConfiguration) async throws {
        try await AMQPConnection.withConnection(configuration) { _ = try await $0.deleteQueue(queue) }
    }

    private func exists(_ queue: String, _ configuration: AMQPConfiguration) async -> Bool {
        await failure {
            try await AMQPConnection.withConnection(configuration) { _ = try await $0.checkQueue(queue) }
        } == nil
    }

    @Test("says so before it declares it, each time, and never else")
    func said() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { _, queue, topology in
            let calls = Collected<Bool>()
            let willCreate: @Sendable () async throws -> Void = { calls.add(await exists(queue, configuration)) }
            try await AMQPConsumer.running(
                configuration, queue: queue, topology: topology, willCreateQueue: willCreate
            ) { consumer in
                try await expectEventually { consumer.status == .connected }
                #expect(calls.all.isEmpty)
                for round in 1...2 {
                    try await delete(queue, configuration)
                    try await expectEventually { calls.all.count == round && consumer.status == .connected }
                    #expect(await exists(queue, configuration))
                }
                #expect(calls.all == [false, false])
            }
        }
    }

    @Test("declares nothing while that is refused, and goes on when it is not any more")
    func refused() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, topology in
            try await delete(queue, configuration)
            let calls = Collected<Bool>()
            let willCreate: @Sendable () async throws -> Void = {
                calls.add(await exists(queue, configuration))
                if calls.all.count < 3 { throw NotNow() }
            }
            try await AMQPConsumer.running(
                configuration, queue: queue, topology: topology, willCreateQueue: willCreate
            ) { consumer in
                try await expectEventually { consumer.status == .connected }
                #expect(calls.all == [false, false, false])
                try await AMQPPublisher.running(configuration) { publisher in
                    try await publisher.publish(AMQPMessage(exchange: exchange, routingKey: "k", body: [1]))
                }
                #expect(try await consumer.take(1).count == 1)
            }
        }
    }

    @Test("knows how many deliveries wait for an answer, those included that nobody has asked for")
    func unsettled() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            try await AMQPPublisher.running(configuration) { publisher in
                for _ in 0..<5 {
                    try await publisher.publish(AMQPMessage(exchange: exchange, routingKey: "k", body: [1]))
                }
            }
            try await AMQPConsumer.running(configuration, queue: queue) { consumer in
                try await expectEventually { consumer.unsettledCount == 5 }
                #expect(try await consumer.take(3).count == 3)
                try await expectEventually { consumer.unsettledCount == 2 }
                #expect(try await consumer.take(2).count == 2)
                try await expectEventually { consumer.unsettledCount == 0 }
            }
        }
    }
}

private final class Collected<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])
    var all: [Element] { elements.withLock { $0 } }
    func add(_ element: Element) { elements.withLock { $0.append(element) } }
}
