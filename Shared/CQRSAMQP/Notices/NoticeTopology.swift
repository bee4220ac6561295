// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP

/// The exchange and queues that notices of changed documents travel through.
///
/// Nothing here outlasts anything: a query service has a queue for as long as its connection, and begins anew with the
/// next one.
public enum NoticeTopology {
    /// The direct exchange that all notices go to; the routing key is the read model's name.
    public static let exchange = "read_model_changes"

    /// The exchange alone: each writer declares it.
    public static let topology = AMQPTopology(exchanges: [AMQPExchange(name: exchange, kind: .direct)])

    /// One query service's queue, bound to what it serves, and to its own name for what it sends to itself.
    static func queue(_ name: String, readModels: [String]) -> AMQPTopology {
        AMQPTopology(
            queues: [AMQPQueue(name: name, durable: false, exclusive: true, autoDelete: true)],
            bindings: (readModels + [name]).map {
                AMQPBinding(source: exchange, destination: .queue(name), routingKey: $0)
            })
    }

    /// The name of the queue of one connection; nobody else's begins so.
    static func queueName(_ connection: some CustomStringConvertible) -> String { "\(exchange).\(connection)" }
}
