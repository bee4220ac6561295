// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A message that a queue delivered.
public struct AMQPDelivery: Sendable, Hashable {
    /// Which delivery this is: the broker numbers them from 1 on each connection.
    public struct Tag: Sendable, Hashable {
        /// Counts the consumer's connections, so that a tag of an earlier one is not taken for one of the present.
        let generation: UInt64
        /// The broker's delivery tag.
        let number: UInt64
    }

    /// Identifies the delivery to the consumer it came from.
    public let tag: Tag
    /// The exchange that the message was published to.
    public let exchange: String
    /// The routing key that it was published with.
    public let routingKey: String
    /// Whether the message had been delivered before, here or elsewhere.
    public let redelivered: Bool
    /// Its properties.
    public let properties: AMQPProperties
    /// Whether header values nested deeper than ``AMQPTable/maximumDepth`` were left out of ``properties``.
    public let hasOmittedHeaders: Bool
    /// Its content.
    public let body: [UInt8]
}
