// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
public import CQRS

extension EventTopology {
    /// Where events are spread over the partitions of a queue: `users.projection.partitions`.
    public static func partitionExchange(of queue: String) -> String { "\(queue).partitions" }

    /// A partition of a queue: `users.projection.p1`.
    ///
    /// - Parameters:
    ///   - queue: the queue that the events would come from otherwise.
    ///   - number: counts from 1.
    public static func partition(of queue: String, _ number: Int) -> String { "\(queue).p\(number)" }

    /// The partitions of a queue that are consumed.
    public static func partitions(of queue: String, _ partitions: Partitions) -> [String] {
        (0..<partitions.fed).map { partition(of: queue, $0 + 1) }
    }

    /// Has the events go to partitions instead of the queue, or to the queue again.
    ///
    /// What comes back from a retry queue or is replayed goes to the queue itself, whatever its stream: nothing of it was in order
    /// any more.
    ///
    /// - Parameters:
    ///   - topology: the queue's, without partitions.
    ///   - direct: the bindings through which the queue gets its events.
    static func spread(
        _ topology: inout AMQPTopology, of queue: String, _ direct: [AMQPBinding], over partitions: Partitions
    ) {
        let spreading = partitionExchange(of: queue)
        topology.exchanges.append(
            AMQPExchange(
                name: spreading, kind: .consistentHash,
                arguments: ["hash-header": .string(CloudEventAttribute.subject.header)]))
        let names = self.partitions(of: queue, partitions)
        topology.queues += names.map { .partition($0) }
        // The routing key is the partition's weight.
        let shares = names.map { AMQPBinding(source: spreading, destination: .queue($0), routingKey: "1") }
        let spread = direct.map {
            AMQPBinding(source: $0.source, destination: .exchange(spreading), routingKey: $0.routingKey)
        }
        let isSpread = partitions.bound > 0
        let isDirect = !isSpread || partitions.isClosing
        // In this order: an exchange that events come to before it has a queue would lose them.
        topology.bindings = shares.prefix(partitions.bound) + (isSpread ? spread : []) + (isDirect ? direct : [])
        topology.replacedBindings =
            (isDirect ? [] : direct) + (isSpread ? [] : spread) + shares.dropFirst(partitions.bound)
    }
}

extension AMQPQueue {
    /// A queue that one consumer at a time takes from; the others wait to take its place (RabbitMQ, "Single Active Consumer").
    fileprivate static func partition(_ name: String) -> AMQPQueue {
        .quorum(name, ["x-single-active-consumer": true])
    }
}
