// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import CQRS
internal import Essentials
internal import Tracing

/// Traces what is published (semantic conventions for RabbitMQ).
struct PublishTracing: Sendable {
    let tracer: any Tracer

    /// Starts the span of an event's message.
    ///
    /// - Returns: the span, and its place for the message; `nil` when the event is not recorded.
    func begin(_ event: RecordedEvent) -> (span: any Span, place: String?)? {
        let destination = "\(EventTopology.exchange):\(event.type)"
        guard
            let span = tracer.startSpan(
                "publish \(destination)", ofKind: .producer, from: CollectionOfOne(event.metadata.traceparent))
        else { return nil }
        span.updateAttributes { attributes in
            attributes["messaging.system"] = "rabbitmq"
            attributes["messaging.operation.name"] = "publish"
            attributes["messaging.operation.type"] = "send"
            attributes["messaging.destination.name"] = destination
            attributes["messaging.rabbitmq.destination.routing_key"] = event.type
            attributes["messaging.message.id"] = event.id.description
        }
        return (span, TraceCarrier(of: span, by: tracer).traceParent)
    }

    /// Starts the span of letters that are published again as the messages they were, in the trace of whoever does that: it has a
    /// link to each one's own trace, in which its processing goes on.
    func beginReplay(of letters: [HeldLetter], to queue: String) -> any Span {
        let span = tracer.startSpan("publish \(queue)", ofKind: .producer)
        guard span.isRecording else { return span }
        span.updateAttributes { attributes in
            attributes["messaging.system"] = "rabbitmq"
            attributes["messaging.operation.name"] = "publish"
            attributes["messaging.operation.type"] = "send"
            attributes["messaging.destination.name"] = queue
            attributes["messaging.rabbitmq.destination.routing_key"] = queue
            if letters.count > 1 { attributes["messaging.batch.message_count"] = letters.count }
        }
        span.link(
            to: letters.lazy.map { $0.record.properties.headers?[CloudEventHeaders.traceparent]?.string }, by: tracer)
        return span
    }
}
