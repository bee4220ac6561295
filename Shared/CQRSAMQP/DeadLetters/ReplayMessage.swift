// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP

/// A dead letter as the message that it was: what is published to have it delivered again.
enum ReplayMessage {
    /// Counts how often a message was replayed.
    static let replays = "x-replays"

    static func encode(_ letter: DeadLetterRecord, to queue: String) -> AMQPMessage {
        var properties = letter.properties
        // The next attempts are counted anew.
        var headers = DeliveryHeaders.removed(from: letter.properties.headers)
        headers[replays] = .int64(letter.replays + 1)
        properties.headers = headers
        properties.deliveryMode = .persistent
        // As in `DeadLetterMessage`: the broker refuses the one, and the other would let the message expire.
        properties.userID = nil
        properties.expiration = nil
        return AMQPMessage(
            exchange: "", routingKey: queue, properties: properties, body: letter.body, mandatory: true)
    }
}
