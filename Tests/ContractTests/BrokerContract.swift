// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import CQRSTesting
import Essentials
import Foundation
import HTTPTestSupport
import Logging
import TestSupport
import Testing

let quietLogger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

/// What every pair of publisher and subscription must do, whatever the broker.
///
/// One after the other: the real ones share the exchange and the queue's name.
@Suite("A broker", .serialized, .timeLimit(.minutes(2)))
struct BrokerContract {
    /// A broker under test.
    private struct Subject: Sendable {
        /// Its queue, where it is a real one.
        var queue: String?
        let publisher: any EventPublisher
        let subscription: any EventSubscription
        let depth: @Sendable () async throws -> Int
        let deadLetters: @Sendable () async throws -> Int
    }

    /// Runs the same test against the one in memory and RabbitMQ.
    private func withEach(_ body: @Sendable @escaping (Subject) async throws -> Void) async throws {
        let memory = InMemoryBroker()
        try await body(
            Subject(
                publisher: memory, subscription: memory.subscribe(), depth: { memory.depth },
                deadLetters: { memory.deadLetters.count }))
        guard let url = try TestEnvironment.amqpURL() else { return }
        try await withRabbitMQ(AMQPConfiguration(url: url), body)
    }

    private func withRabbitMQ(
        _ configuration: AMQPConfiguration, _ body: @Sendable @escaping (Subject) async throws -> Void
    ) async throws {
        let context = "contract\(Int.random(in: 0..<1_000_000_000))"
        let queue = EventTopology.queue(of: context)
        let dead = EventTopology.deadLetterQueue(of: queue)
        var topology = EventTopology.subscription(of: context, eventPatterns: ["\(context).*"])
        topology.exchanges += EventTopology.exchanges.exchanges
        try await setPolicies("PUT", of: context)
        let publisher = AMQPPublisher(configuration: configuration, logger: quietLogger)
        let consumer = AMQPConsumer(
            configuration: configuration, queue: queue, prefetch: 100, topology: topology, logger: quietLogger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await publisher.run() }
            group.addTask { try await consumer.run() }
            defer { group.cancelAll() }
            try await eventually("connected") { publisher.status == .connected && consumer.status == .connected }
            let events = AMQPEventPublisher(publisher: publisher, application: "contract-tests")
            let subscription = AMQPEventSubscription(consumer: consumer, publisher: publisher, queue: queue)
            try await body(
                Subject(
                    queue: queue, publisher: Renaming(publisher: events, context: context), subscription: subscription,
                    depth: { try await messageCount(queue, configuration) },
                    deadLetters: { try await messageCount(dead, configuration) }))
        }
        let queues = topology.queues
        try await AMQPConnection.withConnection(configuration) { connection in
            for queue in queues { try await connection.deleteQueue(queue.name) }
        }
        try await setPolicies("DELETE", of: context)
    }

    /// The pauses are in policies, which AMQP cannot set.
    private func setPolicies(_ method: String, of context: String) async throws {
        guard let text = try TestEnvironment.managementURL(), let url = URL(string: text) else { return }
        let login = Data("\(url.user() ?? ""):\(url.password() ?? "")".utf8).base64EncodedString()
        for policy in EventTopology.policies(of: context) {
            var json = JSONWriter()
            json.beginObject()
            json.member("pattern", policy.pattern)
            json.member("apply-to", policy.target.rawValue)
            json.key("definition")
            json.beginObject()
            for (name, value) in policy.definition {
                json.key(name)
                json.value(value)
            }
            json.endObject()
            json.endObject()
            // A connection that is kept may be closed just as it is used again.
            let headers = [("Authorization", "Basic \(login)"), ("Connection", "close")]
            let answer = try await HTTP.send(
                method,
                "\(url.scheme ?? "http")://\(url.host() ?? ""):\(url.port ?? 15672)/api/policies/%2F/\(policy.name)",
                json: String(decoding: json.bytes, as: UTF8.self), headers: headers)
            try #require((200..<300).contains(answer.status), "\(answer.status) \(answer.body)")
        }
    }

    private func take(_ count: Int, from subscription: any EventSubscription) async throws -> [EventDelivery] {
        try await within(.seconds(20), "\(count) deliveries") {
            var deliveries: [EventDelivery] = []
            while deliveries.count < count {
                deliveries += try await subscription.nextBatch(maximum: count - deliveries.count)
            }
            return deliveries
        }
    }

    @Test("delivers every event of a batch, in order, with all that was recorded")
    func delivery() async throws {
        try await withEach { subject in
            let events = (Int64(1)...50).map { makeEvent(version: $0) }
            #expect(await subject.publisher.publish(events).allSatisfy(\.isPublished))
            let deliveries = try await take(50, from: subject.subscription)
            #expect(try deliveries.map { try $0.event.get().version } == events.map(\.version))
            #expect(try deliveries.map { try $0.event.get().id } == events.map(\.id))
            #expect(try deliveries.map { try $0.event.get().data } == events.map(\.data))
            #expect(try deliveries.map { try $0.event.get().recordedAt } == events.map(\.recordedAt))
            #expect(try deliveries.map { try $0.event.get().metadata } == events.map(\.metadata))
            try await subject.subscription.acknowledge(deliveries)
            try await eventually("queue empty", within: .seconds(20)) { try await subject.depth() == 0 }
        }
    }

    @Test("gives at most as many deliveries as asked for")
    func maximum() async throws {
        try await withEach { subject in
            for version in Int64(1)...10 { try await subject.publisher.publish(makeEvent(version: version)) }
            var sizes: [Int] = []
            while sizes.reduce(0, +) < 10 {
                let batch = try await subject.subscription.nextBatch(maximum: 3)
                sizes.append(batch.count)
                try await subject.subscription.acknowledge(batch)
            }
            #expect(sizes.allSatisfy { (1...3).contains($0) })
        }
    }

    @Test("puts a delivery aside, durably and out of the queue")
    func deadLetters() async throws {
        try await withEach { subject in
            for version in Int64(1)...3 { try await subject.publisher.publish(makeEvent(version: version)) }
            let deliveries = try await take(3, from: subject.subscription)
            try await subject.subscription.deadLetter([
                DeadLetter(deliveries[1], MalformedEvent(.invalidData, "name"))
            ])
            try await subject.subscription.acknowledge([deliveries[0], deliveries[2]])
            try await eventually("settled", within: .seconds(20)) {
                let (depth, letters) = (try await subject.depth(), try await subject.deadLetters())
                return depth == 0 && letters == 1
            }
        }
    }

    @Test("brings a delivery again after a pause, with the number of its pauses, out of the way of others")
    func retries() async throws {
        try await withEach { subject in
            let events = (Int64(1)...3).map { makeEvent(version: $0) }
            #expect(await subject.publisher.publish(events).allSatisfy(\.isPublished))
            let deliveries = try await take(3, from: subject.subscription)
            #expect(deliveries.map(\.retries) == [0, 0, 0])
            try await subject.subscription.acknowledge([deliveries[0], deliveries[2]])
            try await subject.subscription.retry([FailedDelivery(deliveries[1], Passing())])
            let others = (Int64(4)...5).map { makeEvent(version: $0) }
            #expect(await subject.publisher.publish(others).allSatisfy(\.isPublished))
            let next = try await take(3, from: subject.subscription)
            let again = try #require(next.first { $0.retries == 1 })
            #expect(try again.event.get() == (try deliveries[1].event.get()))
            #expect(try next.map { try $0.event.get().version }.sorted() == [2, 4, 5])
            // A repeat does nothing: it is settled.
            try await subject.subscription.retry([FailedDelivery(deliveries[1], Passing())])
            try await subject.subscription.acknowledge(next)
            try await eventually("settled", within: .seconds(20)) { try await subject.depth() == 0 }
            #expect(try await subject.deadLetters() == 0)
        }
    }

    @Test("keeps a dead letter's content and adds the reason, also when the foreign headers leave no room beside them")
    func deadLetterHeaders() async throws {
        guard let url = try TestEnvironment.amqpURL() else { return }
        let configuration = try AMQPConfiguration(url: url)
        try await withRabbitMQ(configuration) { subject in
            let queue = try #require(subject.queue)
            let foreign = AMQPPublisher(configuration: configuration, logger: quietLogger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await foreign.run() }
                // One frame has 131,072 bytes, and the headers have to fit into one.
                for size in [10, 130_000] {
                    var properties = AMQPProperties()
                    properties.messageID = "foreign-\(size)"
                    properties.contentType = "text/plain"
                    properties.headers = ["x-large": .string(String(repeating: "x", count: size))]
                    try await foreign.publish(
                        AMQPMessage(exchange: "", routingKey: queue, properties: properties, body: Array("hello".utf8)))
                }
                group.cancelAll()
                try await group.waitForAll()
            }
            let deliveries = try await take(2, from: subject.subscription)
            try await subject.subscription.deadLetter(
                deliveries.map { delivery in
                    DeadLetter(delivery, MalformedEvent(.notAnEvent, "no CloudEvents headers"))
                })
            try await eventually("two letters", within: .seconds(20)) { try await subject.deadLetters() == 2 }
            let letters = try await AMQPConnection.withConnection(configuration) { connection in
                let dead = EventTopology.deadLetterQueue(of: queue)
                return [try await connection.get(queue: dead), try await connection.get(queue: dead)].compactMap { $0 }
            }
            #expect(letters.count == 2)
            for letter in letters {
                #expect(String(decoding: letter.body, as: UTF8.self) == "hello")
                #expect(letter.properties.headers?["x-dead-reason"] == "not-an-event")
                #expect(letter.properties.headers?["x-dead-error"] == "no CloudEvents headers")
                #expect(letter.properties.headers?["x-dead-origin-queue"] == .string(queue))
                #expect(letter.properties.headers?["x-dead-origin-routing-key"] == .string(queue))
                #expect(letter.properties.headers?["x-dead-failed-at"]?.string != nil)
                #expect(letter.properties.deliveryMode == .persistent)
            }
            #expect(letters.contains { $0.properties.messageID == "foreign-10" })
        }
    }

    @Test("lets a waiting subscriber go when its task is cancelled")
    func cancellation() async throws {
        try await withEach { subject in
            let waiting = Task { try await subject.subscription.nextBatch(maximum: 1) }
            waiting.cancel()
            let result = await waiting.result
            #expect(throws: (any Error).self) { try result.get() }
            // Nothing is lost to the one who left.
            try await subject.publisher.publish(makeEvent(version: 1))
            let deliveries = try await take(1, from: subject.subscription)
            try await subject.subscription.acknowledge(deliveries)
        }
    }

    @Test(
        "gives no more to a subscriber who is stopped, whether it waits or asks later, and lets it settle what it has")
    func stopping() async throws {
        try await withEach { subject in
            try await subject.publisher.publish(makeEvent(version: 1))
            let deliveries = try await take(1, from: subject.subscription)
            let waiting = Task { try await subject.subscription.nextBatch(maximum: 1) }
            subject.subscription.stopDelivering()
            #expect(try await waiting.value.isEmpty)
            try await subject.publisher.publish(makeEvent(version: 2))
            #expect(try await subject.subscription.nextBatch(maximum: 1).isEmpty)
            try await subject.subscription.acknowledge(deliveries)
        }
    }
}

private struct Passing: CategorizedError {
    var category: FailureCategory { .transient }
}

extension EventPublisher {
    /// Publishes one event, or says why not.
    fileprivate func publish(_ event: RecordedEvent) async throws {
        for outcome in await publish([event]) { if let error = outcome.error { throw error } }
    }
}

private func messageCount(_ queue: String, _ configuration: AMQPConfiguration) async throws -> Int {
    try await AMQPConnection.withConnection(configuration) { try await $0.checkQueue(queue).messages }
}

private func makeEvent(version: Int64) -> RecordedEvent {
    let id = UUIDv7(at: .now())
    return RecordedEvent(
        id: id, stream: StreamID(category: "contract", id: id), version: version, type: "contract.happened", schema: 1,
        recordedAt: Timestamp(millisecondsSinceEpoch: 1_772_366_400_000 + version),
        data: Array(#"{"text":"ünï","version":\#(version)}"#.utf8),
        metadata: EventMetadata(correlationID: "test-\(version)"))
}

/// Gives events a type of this test's own, so that its queue alone is bound to it.
private struct Renaming: EventPublisher {
    let publisher: any EventPublisher
    let context: String

    func publish(_ events: [RecordedEvent]) async -> [PublishOutcome] {
        await publisher.publish(
            events.map { event in
                var event = event
                event.type = "\(context).happened"
                return event
            })
    }
}
