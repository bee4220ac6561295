// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A read model's share of the published events, each delivered at least once, in any order.
public protocol EventSubscription: Sendable {
    /// Waits for at least one delivery, then takes all that have arrived, up to a number.
    ///
    /// - Returns: no deliveries only after the subscription has ended.
    func nextBatch(maximum: Int) async throws -> [EventDelivery]

    /// Says that deliveries are done with and need not come again.
    func acknowledge(_ deliveries: [EventDelivery]) async throws

    /// Puts deliveries aside with the reason, durably, and then acknowledges them.
    ///
    /// When it throws, they will be delivered again, and may have been put aside all the same.
    func deadLetter(_ letters: [DeadLetter]) async throws
}

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

    /// Describes a delivery.
    public init(id: ID, event: Result<RecordedEvent, MalformedEvent>) {
        self.id = id
        self.event = event
    }
}

/// A delivery that cannot be processed, and why.
public struct DeadLetter: Sendable {
    /// What was delivered.
    public let delivery: EventDelivery
    /// Why it cannot be processed.
    public let cause: MalformedEvent

    /// Pairs a delivery with the reason against it.
    public init(_ delivery: EventDelivery, _ cause: MalformedEvent) {
        self.delivery = delivery
        self.cause = cause
    }
}
