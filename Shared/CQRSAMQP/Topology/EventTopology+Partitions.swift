// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP
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

    /// The queue that a generation of a read model is fed from, and each of its partitions, each with all that it needs to exist and
    /// to get its events. Whoever consumes one of them declares that one alone, and so notices what is missing of the others.
    ///
    /// What comes back from a retry queue or is replayed goes to the queue itself, whatever its stream: nothing of it was in order
    /// any more.
    ///
    /// - Returns: the queue first, then the partitions that are consumed.
    public static func parts(
        of readModel: String, eventPatterns: [String], queue: GenerationQueue
    ) -> [(queue: String, topology: AMQPTopology)] {
        let name = self.queue(of: readModel, queue)
        let partitions = queue.partitions
        var whole = unpartitioned(name, eventPatterns, queue)
        guard partitions.fed > 0 else { return [(name, whole)] }
        let exchange = AMQPExchange(
            name: partitionExchange(of: name), kind: .consistentHash,
            arguments: ["hash-header": .string(CloudEventAttribute.subject.header)])
        let direct = whole.bindings
        let spread = direct.map {
            AMQPBinding(source: $0.source, destination: .exchange(exchange.name), routingKey: $0.routingKey)
        }
        let isSpread = partitions.bound > 0
        let isDirect = !isSpread || partitions.isChanging
        whole.exchanges = [exchange]
        whole.bindings = (isSpread ? spread : []) + (isDirect ? direct : [])
        whole.replacedBindings = (isDirect ? [] : direct) + (isSpread || partitions.isChanging ? [] : spread)
        return [(name, whole)]
            + self.partitions(of: name, partitions).enumerated().map { index, partition in
                // The routing key is the partition's weight.
                let share = AMQPBinding(source: exchange.name, destination: .queue(partition), routingKey: "1")
                let isBound = index < partitions.bound
                return (
                    partition,
                    AMQPTopology(
                        exchanges: [exchange], queues: [.partition(partition)], bindings: isBound ? [share] : [],
                        replacedBindings: isBound || partitions.isChanging ? [] : [share])
                )
            }
    }
}

extension AMQPQueue {
    /// A queue that one consumer at a time takes from; the others wait to take its place (RabbitMQ, "Single Active Consumer").
    fileprivate static func partition(_ name: String) -> AMQPQueue {
        .quorum(name, ["x-single-active-consumer": true])
    }
}
