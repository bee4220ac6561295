// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP
public import CQRS

/// Publishes events to the exchange `domain_events`, each confirmed by the broker and routed to a queue, if only
/// to that of the unrouted.
public struct AMQPEventPublisher: EventPublisher {
    private let publisher: AMQPPublisher
    private let application: String

    /// Publishes through a client that somebody else runs.
    ///
    /// - Parameters:
    ///   - publisher: the client.
    ///   - application: who publishes, for `app_id` and the CloudEvents source, say `command-api`.
    public init(publisher: AMQPPublisher, application: String) {
        self.publisher = publisher
        self.application = application
    }

    /// Publishes an event and returns after the broker's confirm.
    ///
    /// - Throws: ``AMQPError``.
    public func publish(_ event: RecordedEvent) async throws {
        try await publisher.publish(EventMessage.encode(event, application: application))
    }
}
