// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP

/// A dead letter as the message that it was: what is published to have it delivered again.
enum ReplayMessage {
    /// Counts how often a message was replayed.
    static let replays = "x-replays"

    static func encode(_ letter: DeadLetterRecord, to queue: String) -> AMQPMessage {
        var properties = letter.properties
        var headers: AMQPTable = [:]
        for (name, value) in letter.properties.headers?.entries ?? [] where !isOurs(name) { headers[name] = value }
        headers[replays] = .int64(letter.replays + 1)
        properties.headers = headers
        properties.deliveryMode = .persistent
        // As in `DeadLetterMessage`: the broker refuses the one, and the other would let the message expire.
        properties.userID = nil
        properties.expiration = nil
        return AMQPMessage(
            exchange: "", routingKey: queue, properties: properties, body: letter.body, mandatory: true)
    }

    /// Whether a header tells of the deliveries that are over, and not of the message.
    ///
    /// The next attempts are counted anew. `CC` and `BCC` would make the broker send copies to further queues
    /// (RabbitMQ, "Sender-selected Distribution").
    private static func isOurs(_ header: String) -> Bool {
        ["x-delivery-count", "x-acquired-count", "CC", "BCC"].contains(header)
            || ["x-dead-", "x-retry-", "x-death", "x-first-death-", "x-last-death-"].contains { header.hasPrefix($0) }
    }
}
