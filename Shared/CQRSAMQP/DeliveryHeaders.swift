// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP

/// The headers of a message that tell of its deliveries so far, and not of the message.
enum DeliveryHeaders {
    /// The headers without these: what is published so is a message whose attempts are counted anew.
    ///
    /// `CC` and `BCC` would make the broker send copies to further queues (RabbitMQ, "Sender-selected Distribution").
    static func removed(from headers: AMQPTable?) -> AMQPTable {
        var rest: AMQPTable = [:]
        for (name, value) in headers?.entries ?? [] where !isOne(name) { rest[name] = value }
        return rest
    }

    private static func isOne(_ header: String) -> Bool {
        ["x-delivery-count", "x-acquired-count", "CC", "BCC"].contains(header)
            || ["x-dead-", "x-retry-", "x-death", "x-first-death-", "x-last-death-"].contains { header.hasPrefix($0) }
    }
}
