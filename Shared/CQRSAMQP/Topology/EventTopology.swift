// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP

/// The names and shapes of exchange and queues that events travel through: the one description in code.
///
/// The definitions file in `deploy/rabbitmq/` says the same, and a test holds the two equal. What may change later is in
/// policies (``policies(of:)``): an argument of a queue could never be changed, a policy can (RabbitMQ, "Parameters and
/// Policies").
public enum EventTopology {
    /// The topic exchange that all events go to; the routing key is the event type.
    public static let exchange = "domain_events"
    /// Where the exchange sends what nobody subscribed to, and the queue behind it.
    public static let unrouted = "domain_events.unrouted"

    /// The permanent name of a context's queue: `users.projection`.
    public static func queue(of context: String) -> String { "\(context).projection" }

    /// Where deliveries of a queue are put aside.
    public static func deadLetterQueue(of queue: String) -> String { "\(queue).dead" }

    /// How long a delivery may wait for its next attempt, in whole seconds and growing. Each has a queue of its own: in
    /// one queue a message with a long time to live would hold up those behind it.
    public static let retryDelays: [Duration] = [.seconds(1), .seconds(10), .seconds(60)]

    /// Where a delivery of a queue waits that long and then comes back from: `users.projection.retry.10s`.
    ///
    /// - Parameters:
    ///   - queue: the queue that it comes back to.
    ///   - delay: one of ``retryDelays``.
    public static func retryQueue(of queue: String, after delay: Duration) -> String {
        "\(queue).retry.\(delay.components.seconds)s"
    }

    /// The queues of one context's read model, with their binding to the exchange.
    ///
    /// - Parameters:
    ///   - context: the context's permanent name.
    ///   - eventPattern: which event types it subscribes to, as a topic pattern.
    public static func subscription(of context: String, eventPattern: String) -> AMQPTopology {
        let queue = queue(of: context)
        let names = [queue, deadLetterQueue(of: queue)] + retryDelays.map { retryQueue(of: queue, after: $0) }
        return AMQPTopology(
            queues: names.map { .quorum($0) },
            bindings: [AMQPBinding(source: exchange, destination: .queue(queue), routingKey: eventPattern)])
    }

    /// Everything that does not belong to a context: the exchange, and what catches the unrouted.
    public static let exchanges = AMQPTopology(
        exchanges: [AMQPExchange(name: exchange, kind: .topic), AMQPExchange(name: unrouted, kind: .fanout)],
        queues: [.quorum(unrouted)],
        bindings: [AMQPBinding(source: unrouted, destination: .queue(unrouted), routingKey: "")])
}

extension AMQPQueue {
    /// A replicated, durable queue. Its type is the one thing that has to be an argument.
    fileprivate static func quorum(_ name: String) -> AMQPQueue {
        AMQPQueue(name: name, arguments: ["x-queue-type": "quorum"])
    }
}
