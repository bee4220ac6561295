// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// One delivery of a message that should be an event.
public struct EventDelivery: Sendable, Identifiable {
    /// Identifies the delivery, not the event, for as long as the subscription lives.
    public struct ID: Sendable, Hashable {
        private let number: UInt64

        /// The delivery of that number, which a subscription never gives twice.
        public init(_ number: UInt64) { self.number = number }
    }

    /// This delivery.
    public let id: ID
    /// The event, or why the message is none.
    public let event: Result<RecordedEvent, MalformedEvent>
    /// How many pauses the message has behind it because its event could not be applied; see
    /// ``EventSubscription/retry(_:)``.
    public let retries: Int

    /// Describes a delivery.
    public init(id: ID, event: Result<RecordedEvent, MalformedEvent>, retries: Int = 0) {
        self.id = id
        self.event = event
        self.retries = retries
    }
}
