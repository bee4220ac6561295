// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
public import Tracing

/// Traces what a projector does: a span for each batch (semantic conventions for messaging spans).
public struct ProjectionTracing: Sendable {
    private let tracer: any Tracer
    private let system: String
    private let destination: String
    private let name: String

    /// Traces the batches from one queue.
    ///
    /// - Parameters:
    ///   - system: `messaging.system`, such as `rabbitmq`.
    ///   - destination: the queue's name.
    public init(tracer: any Tracer, system: String, destination: String) {
        self.tracer = tracer
        self.system = system
        self.destination = destination
        name = "process \(destination)"
    }

    /// Starts the span of a batch.
    ///
    /// - Parameters:
    ///   - origins: the `traceparent`s of its events.
    ///   - count: how many messages it has.
    /// - Returns: `nil` when none of its events is recorded.
    func begin(_ origins: [String?], count: Int) -> (any Span)? {
        guard let span = tracer.startSpan(name, ofKind: .consumer, from: origins) else { return nil }
        span.updateAttributes { attributes in
            attributes["messaging.system"] = system
            attributes["messaging.operation.name"] = "process"
            attributes["messaging.operation.type"] = "process"
            attributes["messaging.destination.name"] = destination
            if count > 1 { attributes["messaging.batch.message_count"] = count }
        }
        return span
    }
}
