// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Testing

@testable import AMQP
@testable import CQRSAMQP

@Suite("A message that is to be tried again")
struct RetryMessageTests {
    private struct Broken: CategorizedError, CustomStringConvertible {
        var category: FailureCategory { .internal }
        var description: String { "server code 17" }
    }

    private let queue = "users.projection"

    private func retry(_ delivery: AMQPDelivery) -> AMQPMessage {
        let retries = RetryMessage.retries(of: delivery, queue: queue)
        let event = Result { () throws(MalformedEvent) in
            try EventMessage.decode(properties: delivery.properties, body: delivery.body)
        }
        let failure = FailedDelivery(EventDelivery(id: .init(1), event: event, retries: retries), Broken())
        return RetryMessage.encode(delivery, failure, queue: queue)
    }

    /// The delivery after the pause, as the broker makes it.
    private func returned(_ message: AMQPMessage) -> AMQPDelivery {
        var properties = message.properties
        properties.headers?["x-death"] = .array([.table(["queue": .string(message.routingKey), "reason": "expired"])])
        return AMQPDelivery(
            tag: AMQPDelivery.Tag(generation: 1, number: 2), exchange: "", routingKey: queue, redelivered: false,
            properties: properties, hasOmittedHeaders: false, body: message.body)
    }

    @Test("goes to the queue of the next delay, as the same event, with its attempts counted")
    func delays() throws {
        var next = delivery(stream: 7, version: 3)
        let event = try EventMessage.decode(properties: next.properties, body: next.body)
        for (index, delay) in ["1s", "10s", "60s"].enumerated() {
            #expect(RetryMessage.retries(of: next, queue: queue) == index)
            let message = retry(next)
            #expect(message.exchange.isEmpty)
            #expect(message.routingKey == "users.projection.retry.\(delay)")
            #expect(message.mandatory)
            #expect(message.properties.deliveryMode == .persistent)
            #expect(message.properties.headers?["x-retry-attempts"] == .int64(Int64(index) + 1))
            #expect(message.properties.headers?["x-retry-reason"] == "internal: server code 17")
            #expect(message.properties.headers?["x-retry-queue"] == .string(queue))
            #expect(message.properties.headers?["x-death"] == nil)
            #expect(try EventMessage.decode(properties: message.properties, body: message.body) == event)
            next = returned(message)
        }
        #expect(RetryMessage.retries(of: next, queue: queue) == EventTopology.retryDelays.count)
    }

    @Test("is a letter in the end that tells of all attempts, and where it came from at first")
    func letter() {
        let last = returned(retry(returned(retry(returned(retry(delivery()))))))
        let message = DeadLetterMessage.encode(
            last, cause: MalformedEvent(.notApplicable, "server code 17"), category: .internal, queue: queue,
            failedAt: .now())
        let record = DeadLetterRecord(properties: message.properties, body: message.body)
        #expect(record.reason == "not-applicable")
        #expect(record.error == "server code 17")
        #expect(record.category == "internal")
        #expect(record.attempts == 4)
        #expect(record.originQueue == queue)
        #expect(record.originExchange == "domain_events")
        #expect(record.originRoutingKey == "user.updated")
        let replay = ReplayMessage.encode(record, to: queue)
        #expect(replay.properties.headers?.entries.contains { $0.0.hasPrefix("x-retry-") } == false)
    }

    @Test("does not believe a count of another queue, or one that cannot be")
    func strangeCounts() {
        for (count, name) in [(1, "other"), (0, queue), (-1, queue), (4, queue), (.max, queue)] as [(Int64, String)] {
            let strange = delivery {
                $0.headers?["x-retry-attempts"] = .int64(count)
                $0.headers?["x-retry-queue"] = .string(name)
            }
            #expect(RetryMessage.retries(of: strange, queue: queue) == 0, "\(count) \(name)")
        }
        let text = delivery {
            $0.headers?["x-retry-attempts"] = "2"
            $0.headers?["x-retry-queue"] = .string(queue)
        }
        #expect(RetryMessage.retries(of: text, queue: queue) == 0)
    }
}
