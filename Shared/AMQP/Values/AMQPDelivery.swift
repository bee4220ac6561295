// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A message that a queue delivered.
public struct AMQPDelivery: Sendable {
    /// Which delivery this is: the broker numbers them from 1 on each connection.
    public struct Tag: Sendable, Hashable {
        /// Counts the consumer's connections, so that a tag of an earlier one is not taken for one of the present.
        let generation: UInt64
        /// The broker's delivery tag.
        let number: UInt64
    }

    /// A delivery goes through several hands, and a copy of all these parts would count a reference for each.
    private final class Content: Sendable {
        let tag: Tag
        let exchange: String
        let routingKey: String
        let redelivered: Bool
        let properties: AMQPProperties
        let hasOmittedHeaders: Bool
        let body: [UInt8]

        init(
            _ tag: Tag, _ exchange: String, _ routingKey: String, _ redelivered: Bool, _ properties: AMQPProperties,
            _ hasOmittedHeaders: Bool, _ body: [UInt8]
        ) {
            self.tag = tag
            self.exchange = exchange
            self.routingKey = routingKey
            self.redelivered = redelivered
            self.properties = properties
            self.hasOmittedHeaders = hasOmittedHeaders
            self.body = body
        }
    }

    private let content: Content

    init(
        tag: Tag, exchange: String, routingKey: String, redelivered: Bool, properties: AMQPProperties,
        hasOmittedHeaders: Bool, body: [UInt8]
    ) {
        content = Content(tag, exchange, routingKey, redelivered, properties, hasOmittedHeaders, body)
    }

    /// Identifies the delivery to the consumer it came from.
    public var tag: Tag { content.tag }
    /// The exchange that the message was published to.
    public var exchange: String { content.exchange }
    /// The routing key that it was published with.
    public var routingKey: String { content.routingKey }
    /// Whether the message had been delivered before, here or elsewhere.
    public var redelivered: Bool { content.redelivered }
    /// Its properties.
    public var properties: AMQPProperties { content.properties }
    /// Whether header values nested deeper than ``AMQPTable/maximumDepth`` were left out of ``properties``.
    public var hasOmittedHeaders: Bool { content.hasOmittedHeaders }
    /// Its content.
    public var body: [UInt8] { content.body }
}

extension AMQPDelivery: Hashable {
    /// Whether all parts are equal.
    public static func == (a: AMQPDelivery, b: AMQPDelivery) -> Bool {
        a.content === b.content
            || a.tag == b.tag && a.exchange == b.exchange && a.routingKey == b.routingKey
                && a.redelivered == b.redelivered && a.properties == b.properties
                && a.hasOmittedHeaders == b.hasOmittedHeaders && a.body == b.body
    }

    /// Hashes what tells deliveries apart.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(tag)
        hasher.combine(body)
    }
}
