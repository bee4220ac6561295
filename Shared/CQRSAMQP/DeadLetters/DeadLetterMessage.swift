// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import CQRS
internal import Essentials

/// A delivery that was put aside: the original message with the reason in its headers.
enum DeadLetterMessage {
    static let reason = "x-dead-reason"
    static let error = "x-dead-error"
    static let category = "x-dead-category"
    static let attempts = "x-dead-attempts"
    static let originQueue = "x-dead-origin-queue"
    static let originExchange = "x-dead-origin-exchange"
    static let originRoutingKey = "x-dead-origin-routing-key"
    static let failedAt = "x-dead-failed-at"

    static func encode(
        _ delivery: AMQPDelivery, cause: MalformedEvent, category: FailureCategory = .malformed, queue: String,
        failedAt time: Timestamp
    ) -> AMQPMessage {
        var properties = delivery.properties
        var headers = properties.headers ?? [:]
        let origin = RetryOrigin(delivery, queue: queue)
        headers[reason] = .string(cause.reason.rawValue)
        headers[error] = .string(cause.detail)
        headers[self.category] = .string(category.rawValue)
        // Since the last pause the broker has counted, and before that we have.
        let retries = Int64(RetryMessage.retries(of: delivery, queue: queue))
        headers[attempts] = .int64(retries + 1 + max(0, min(headers["x-delivery-count"]?.integer ?? 0, 1_000_000)))
        headers[originQueue] = .string(queue)
        headers[originExchange] = .string(origin.exchange)
        headers[originRoutingKey] = .string(origin.routingKey)
        headers[failedAt] = .string(time.description)
        // The broker would send copies to the queues that these name (RabbitMQ, "Sender-selected Distribution"): one
        // with its own queue in it would come back for ever.
        headers["CC"] = nil
        headers["BCC"] = nil
        properties.headers = headers
        // A foreign message may have come without either: an aside that a restart loses would be a loss, and the
        // client matches returned messages by their id.
        properties.deliveryMode = .persistent
        properties.messageID = properties.messageID ?? UUIDv7(at: time).description
        // RabbitMQ refuses a user id that is not the publishing connection's own ("Validated User-ID").
        properties.userID = nil
        // A letter must not expire while it waits to be read.
        properties.expiration = nil
        return AMQPMessage(
            exchange: "", routingKey: EventTopology.deadLetterQueue(of: queue), properties: properties,
            body: delivery.body, mandatory: true)
    }

    /// The same with our own headers only: the body and the reason, when the rest cannot be sent.
    static func withoutForeignProperties(_ letter: AMQPMessage) -> AMQPMessage {
        var headers: AMQPTable = [:]
        for name in [reason, error, category, attempts, originQueue, originExchange, originRoutingKey, failedAt] {
            headers[name] = letter.properties.headers?[name]
        }
        var properties = AMQPProperties()
        properties.headers = headers
        properties.deliveryMode = .persistent
        properties.messageID = UUIDv7(at: .now()).description
        return AMQPMessage(
            exchange: letter.exchange, routingKey: letter.routingKey, properties: properties, body: letter.body,
            mandatory: true)
    }
}
