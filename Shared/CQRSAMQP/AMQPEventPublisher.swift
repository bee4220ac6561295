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

    /// Publishes events and returns after the broker's confirm of each.
    ///
    /// - Returns: what became of each event; errors are ``AMQPError``s.
    public func publish(_ events: [RecordedEvent]) async -> [PublishOutcome] {
        let messages = events.map { EventMessage.encode($0, application: application) }
        return await publisher.publish(messages).map(PublishOutcome.init)
    }
}

extension PublishOutcome {
    /// What an answer about one message means for the others.
    fileprivate init(_ error: AMQPError?) {
        guard let error else {
            self = .published
            return
        }
        switch error.code {
        // A queue that is missing or full, or a message that is too large (RabbitMQ: 406).
        case .unroutable, .nacked, .preconditionFailed, .invalidArgument: self = .refused(error)
        // The exchange is missing or closed to us: that concerns all.
        case .notFound, .accessRefused, .connectionFailed, .authenticationRefused, .resourceLocked, .connectionLost,
            .blocked, .timedOut, .cancelled, .closed, .protocolViolation:
            self = .unavailable(error)
        }
    }
}
