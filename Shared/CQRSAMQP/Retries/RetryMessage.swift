// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import CQRS
internal import Essentials

/// A delivery on its way to a retry queue: the original message, with its attempts in headers of our own. RabbitMQ 4
/// ignores an `x-death` that is published again.
enum RetryMessage {
    /// How many pauses the message has had, this one included.
    static let attempts = "x-retry-attempts"
    /// The category of the failure and the error, which quotes no data.
    static let reason = "x-retry-reason"
    /// The queue that it comes back to.
    static let queue = "x-retry-queue"
    /// Where it was published before its first pause.
    static let originExchange = "x-retry-origin-exchange"
    static let originRoutingKey = "x-retry-origin-routing-key"

    /// The message for the retry queue of the next delay.
    ///
    /// - Parameter failure: of fewer retries than there are delays.
    static func encode(_ delivery: AMQPDelivery, _ failure: FailedDelivery, queue: String) -> AMQPMessage {
        let retries = failure.delivery.retries
        let origin = RetryOrigin(delivery, queue: queue)
        var properties = delivery.properties
        var headers = DeliveryHeaders.removed(from: properties.headers)
        headers[attempts] = .int64(Int64(retries) + 1)
        headers[reason] = .string("\(failure.category.rawValue): \(failure.error)")
        headers[self.queue] = .string(queue)
        headers[originExchange] = .string(origin.exchange)
        headers[originRoutingKey] = .string(origin.routingKey)
        properties.headers = headers
        // As in `DeadLetterMessage`.
        properties.deliveryMode = .persistent
        properties.messageID = properties.messageID ?? UUIDv7(at: .now()).description
        properties.userID = nil
        // The queue's own time to live is what brings it back.
        properties.expiration = nil
        return AMQPMessage(
            exchange: "", routingKey: EventTopology.retryQueue(of: queue, after: EventTopology.retryDelays[retries]),
            properties: properties, body: delivery.body, mandatory: true)
    }

    /// How many pauses a delivery has behind it; 0 for headers that somebody else wrote, or that tell of another queue.
    static func retries(of delivery: AMQPDelivery, queue: String) -> Int {
        guard delivery.properties.headers?[self.queue]?.string == queue,
            let count = delivery.properties.headers?[attempts]?.integer,
            (1...Int64(EventTopology.retryDelays.count)).contains(count)
        else { return 0 }
        return Int(count)
    }
}

/// Where a message was published before any pause: the broker delivers it from the default exchange after one.
struct RetryOrigin {
    let exchange: String
    let routingKey: String

    init(_ delivery: AMQPDelivery, queue: String) {
        let headers = delivery.properties.headers
        if RetryMessage.retries(of: delivery, queue: queue) > 0,
            let exchange = headers?[RetryMessage.originExchange]?.string,
            let routingKey = headers?[RetryMessage.originRoutingKey]?.string
        {
            (self.exchange, self.routingKey) = (exchange, routingKey)
        } else {
            (exchange, routingKey) = (delivery.exchange, delivery.routingKey)
        }
    }
}
