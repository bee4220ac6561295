// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What the broker says about a queue when it is declared.
public struct AMQPQueueState: Sendable, Hashable {
    /// Messages ready for delivery.
    public var messages: Int
    /// Consumers.
    public let consumers: Int
}
