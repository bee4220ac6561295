// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A message to publish.
public struct AMQPMessage: Sendable, Hashable {
    /// The exchange to publish to, at most 255 UTF-8 bytes; empty for the default exchange, which routes to the queue
    /// named by the routing key.
    public var exchange: String
    /// Where the exchange routes by, at most 255 UTF-8 bytes.
    public var routingKey: String
    /// Its properties.
    public var properties: AMQPProperties
    /// Its content. The broker sets a limit to its size (128 MiB, from RabbitMQ 4.0 on 16 MiB).
    public var body: [UInt8]
    /// Whether a message that reaches no queue is an error, ``AMQPError/Code/unroutable``. Without it the broker
    /// confirms such a message and drops it.
    public var mandatory: Bool

    /// A message, mandatory unless said otherwise.
    public init(
        exchange: String, routingKey: String, properties: AMQPProperties = AMQPProperties(), body: [UInt8],
        mandatory: Bool = true
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.properties = properties
        self.body = body
        self.mandatory = mandatory
    }
}
