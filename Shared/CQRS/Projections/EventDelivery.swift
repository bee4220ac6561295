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

    /// A delivery goes through several hands, and a copy of an event would count a reference for each of its parts.
    private final class Content: Sendable {
        let event: Result<RecordedEvent, MalformedEvent>

        init(_ event: Result<RecordedEvent, MalformedEvent>) { self.event = event }
    }

    /// This delivery.
    public let id: ID
    /// How many pauses the message has behind it because its event could not be applied; see
    /// ``EventSubscription/retry(_:)``.
    public let retries: Int
    private let content: Content

    /// Describes a delivery.
    public init(id: ID, event: Result<RecordedEvent, MalformedEvent>, retries: Int = 0) {
        self.id = id
        self.retries = retries
        content = Content(event)
    }

    /// The event, or why the message is none.
    public var event: Result<RecordedEvent, MalformedEvent> { content.event }
}
