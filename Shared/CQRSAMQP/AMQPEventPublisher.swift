// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP
public import CQRS
public import Tracing

/// Publishes events to the exchange `domain_events`, each confirmed by the broker and routed to a queue, if only
/// to that of the unrouted.
public struct AMQPEventPublisher: EventPublisher {
    private let publisher: AMQPPublisher
    private let application: String
    private let tracing: PublishTracing?

    /// Publishes through a client that somebody else runs.
    ///
    /// - Parameters:
    ///   - publisher: the client.
    ///   - application: who publishes, for `app_id` and the CloudEvents source, say `command-api`.
    ///   - tracer: traces what is published; `nil` traces nothing.
    public init(publisher: AMQPPublisher, application: String, tracer: (any Tracer)? = nil) {
        self.publisher = publisher
        self.application = application
        tracing = tracer.map { PublishTracing(tracer: $0) }
    }

    /// Publishes events and returns after the broker's confirm of each.
    ///
    /// - Returns: what became of each event; errors are ``AMQPError``s.
    public func publish(_ events: [RecordedEvent]) async -> [PublishOutcome] {
        guard let tracing else {
            return await publish(events.map { EventMessage.encode($0, application: application) })
        }
        let spans = events.map { tracing.begin($0) }
        // An attempt that fails is no error: the relay goes on trying.
        defer { for case let (span, _)? in spans { span.end() } }
        // Whoever takes the message goes on in the trace from here; the stored event stays as it is.
        return await publish(
            zip(events, spans).map { event, span in
                EventMessage.encode(event, application: application, traceParent: span?.place)
            })
    }

    private func publish(_ messages: [AMQPMessage]) async -> [PublishOutcome] {
        await publisher.publish(messages).map(PublishOutcome.init)
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
