// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP
public import CQRS

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

    /// The permanent name of a read model's queue: `users.projection`.
    public static func queue(of readModel: String) -> String { "\(readModel).projection" }

    /// The queue of a generation of a read model: the permanent one, or its own, `users.projection.g2`.
    public static func queue(of readModel: String, _ queue: GenerationQueue) -> String {
        queue.name(of: self.queue(of: readModel))
    }

    /// The queues of a read model's generations, of all that exist: where what concerns each of them has to go.
    package static func queues(of readModel: String, in state: GenerationState) -> [String] {
        state.living.map { queue(of: readModel, state.queue(of: $0)) }
    }

    /// The queue's name without what tells generations and partitions apart.
    public static func permanentQueue(of queue: String) -> String {
        var name = Substring(queue)
        for letter: Character in ["p", "g"] {
            guard let dot = name.lastIndex(of: ".") else { break }
            let suffix = name[dot...].dropFirst()
            let isOne = suffix.first == letter && suffix.count > 1
            if isOne, suffix.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }) { name = name[..<dot] }
        }
        return String(name)
    }

    /// Where deliveries of a queue are put aside: one queue for all generations of a read model, which outlives them.
    public static func deadLetterQueue(of queue: String) -> String { "\(permanentQueue(of: queue)).dead" }

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

    /// The queues that a generation of a read model is fed through, with their bindings to the exchange.
    ///
    /// - Parameters:
    ///   - readModel: its permanent name.
    ///   - eventPatterns: which event types it subscribes to, as topic patterns.
    ///   - queue: which; without it the permanent one.
    public static func subscription(
        of readModel: String, eventPatterns: [String],
        queue: GenerationQueue = GenerationQueue(.first, hasOwnQueue: false)
    ) -> AMQPTopology {
        let parts = parts(of: readModel, eventPatterns: eventPatterns, queue: queue).map(\.topology)
        var whole = parts[0]
        whole.queues += parts.dropFirst().flatMap(\.queues)
        // The partitions' first: an exchange that events come to before it has a queue would lose them.
        whole.bindings = parts.dropFirst().flatMap(\.bindings) + whole.bindings
        whole.replacedBindings += parts.dropFirst().flatMap(\.replacedBindings)
        return whole
    }

    /// The queue with its retry queues and the dead letters, bound to the exchange.
    static func unpartitioned(_ name: String, _ eventPatterns: [String], _ queue: GenerationQueue) -> AMQPTopology {
        let retries = retryDelays.map { delay in
            AMQPQueue.quorum(
                retryQueue(of: name, after: delay),
                queue.hasOwnQueue ? ownRetryArguments(backTo: name, after: delay) : [:])
        }
        return AMQPTopology(
            queues: [.quorum(name), .quorum(deadLetterQueue(of: name))] + retries,
            bindings: eventPatterns.map { AMQPBinding(source: exchange, destination: .queue(name), routingKey: $0) })
    }

    /// What a policy says of the permanent retry queues (``policies(of:)``). No one policy can say it of all generations'
    /// queues, since each names its own; and these are too short-lived to want changing.
    private static func ownRetryArguments(backTo queue: String, after delay: Duration) -> AMQPTable {
        [
            "x-message-ttl": .int64(delay.components.seconds * 1000), "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": .string(queue), "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        ]
    }

    /// Everything that does not belong to a read model: the exchange, and what catches the unrouted.
    public static let exchanges = AMQPTopology(
        exchanges: [AMQPExchange(name: exchange, kind: .topic), AMQPExchange(name: unrouted, kind: .fanout)],
        queues: [.quorum(unrouted)],
        bindings: [AMQPBinding(source: unrouted, destination: .queue(unrouted), routingKey: "")])
}

extension AMQPQueue {
    /// A replicated, durable queue. Its type is the one thing that has to be an argument.
    static func quorum(_ name: String, _ more: AMQPTable = [:]) -> AMQPQueue {
        var arguments = more
        arguments["x-queue-type"] = "quorum"
        return AMQPQueue(name: name, arguments: arguments)
    }
}
