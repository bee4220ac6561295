// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP
public import CQRS
internal import Essentials
internal import Synchronization

/// One context's share of the events, from its queue.
public final class AMQPEventSubscription: EventSubscription {
    private let consumer: AMQPConsumer
    private let publisher: AMQPPublisher
    private let queue: String
    private let state = Mutex(State())

    private struct State {
        /// What is delivered and not yet settled; bounded by the consumer's prefetch.
        var unsettled: [EventDelivery.ID: AMQPDelivery] = [:]
        var deliveries: UInt64 = 0
    }

    /// Subscribes through clients that somebody else runs.
    ///
    /// - Parameters:
    ///   - consumer: delivers from `queue`.
    ///   - publisher: sends retries and dead letters. A connection of its own: a broker that blocks publishers in an alarm stops
    ///     reading their connection, and acknowledgements must still get through.
    ///   - queue: the queue's name; dead letters go to ``EventTopology/deadLetterQueue(of:)``, retries to
    ///     ``EventTopology/retryQueue(of:after:)``.
    public init(consumer: AMQPConsumer, publisher: AMQPPublisher, queue: String) {
        self.consumer = consumer
        self.publisher = publisher
        self.queue = queue
    }

    /// Waits for deliveries; see ``EventSubscription/nextBatch(maximum:)``.
    public func nextBatch(maximum: Int) async throws -> [EventDelivery] {
        let batch = try await consumer.nextBatch(maximum: maximum)
        let events = batch.map { delivery in
            Result { () throws(MalformedEvent) in
                try EventMessage.decode(properties: delivery.properties, body: delivery.body)
            }
        }
        return state.withLock { state in
            zip(batch, events).map { delivery, event in
                state.deliveries += 1
                let id = EventDelivery.ID(state.deliveries)
                state.unsettled[id] = delivery
                return EventDelivery(
                    id: id, event: event, retries: RetryMessage.retries(of: delivery, queue: queue))
            }
        }
    }

    /// Delivers nothing more; what the broker has sent ahead goes back to it with the end of the consumer.
    public func stopDelivering() { consumer.stopDelivering() }

    /// Acknowledges deliveries; of those from an earlier connection the broker has taken note by itself.
    public func acknowledge(_ deliveries: [EventDelivery]) async throws {
        consumer.acknowledge(settle(deliveries.map { $0.id }))
    }

    /// A retry for each of ``EventTopology/retryDelays``.
    public let retryLimit = EventTopology.retryDelays.count

    /// Publishes each delivery to the retry queue of its next delay, all at once, and acknowledges each after its confirm.
    ///
    /// - Throws: ``AMQPError`` when the broker does not confirm all of them. A repeat sends the others only.
    public func retry(_ failures: [FailedDelivery]) async throws {
        try await forEach(failures, \.delivery) { failure, delivery in
            do throws(AMQPError) {
                try await self.publisher.publish(RetryMessage.encode(delivery, failure, queue: self.queue))
            } catch  where error.code == .invalidArgument {
                // Its headers leave no room for ours.
                try await self.publish(DeadLetter(failure), delivery)
            }
        }
    }

    /// Publishes each delivery to the dead letter queue, all at once, and acknowledges each after its confirm.
    ///
    /// - Throws: ``AMQPError`` when the broker does not confirm all of them. A repeat sends the others only.
    public func deadLetter(_ letters: [DeadLetter]) async throws {
        try await forEach(letters, \.delivery) { try await self.publish($0, $1) }
    }

    private func publish(_ letter: DeadLetter, _ delivery: AMQPDelivery) async throws(AMQPError) {
        let message = DeadLetterMessage.encode(
            delivery, cause: letter.cause, category: letter.category, queue: queue, failedAt: .now())
        do throws(AMQPError) {
            try await publisher.publish(message)
        } catch  where error.code == .invalidArgument {
            // Foreign properties that came in may be too much to go out again with ours beside them.
            try await publisher.publish(DeadLetterMessage.withoutForeignProperties(message))
        }
    }

    /// Sends what concerns deliveries that are not settled yet, all at once, and acknowledges each when it is sent.
    private func forEach<Item: Sendable>(
        _ items: [Item], _ delivery: (Item) -> EventDelivery,
        _ send: @Sendable @escaping (Item, AMQPDelivery) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for item in items {
                let id = delivery(item).id
                guard let unsettled = state.withLock({ $0.unsettled[id] }) else { continue }
                group.addTask {
                    try await send(item, unsettled)
                    self.consumer.acknowledge(self.settle([id]))
                }
            }
            try await group.waitForAll()
        }
    }

    private func settle(_ ids: [EventDelivery.ID]) -> [AMQPDelivery] {
        state.withLock { state in ids.compactMap { state.unsettled.removeValue(forKey: $0) } }
    }
}
