// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
public import Essentials

/// A policy of RabbitMQ: settings that the broker applies to the exchanges or queues whose name matches.
///
/// AMQP knows nothing of policies: they are set through the definitions file, the management API or `rabbitmqctl`.
public struct BrokerPolicy: Sendable, Equatable {
    /// What a policy is for, in the management API's words.
    public enum Target: String, Sendable {
        /// Exchanges.
        case exchanges
        /// Queues of every type.
        case queues
    }

    /// Its name, unique in the virtual host. Here it is that of the exchange or queue it is for.
    public let name: String
    /// What it is for.
    public let target: Target
    /// Which names it matches, as a regular expression.
    public let pattern: String
    /// Of several that match the one with the highest priority is applied, and only that one.
    public let priority: Int
    /// The settings.
    public let definition: [String: JSONValue]

    /// A policy for the one exchange or queue of its name.
    ///
    /// - Parameters:
    ///   - name: letters, digits, `.`, `-` and `_`.
    ///   - forGenerations: whether it is also for the queues that generations of a read model have beside it, and for partitions.
    public init(
        _ name: String, on target: Target, forGenerations: Bool = false, _ definition: [String: JSONValue]
    ) {
        self.init(
            name: name, target: target,
            pattern: "^\(name.replacing(".", with: "\\."))\(forGenerations ? "(\\.g[0-9]+)?(\\.p[0-9]+)?" : "")$",
            priority: 0,
            definition: definition)
    }

    /// A policy as it was found.
    public init(name: String, target: Target, pattern: String, priority: Int, definition: [String: JSONValue]) {
        self.name = name
        self.target = target
        self.pattern = pattern
        self.priority = priority
        self.definition = definition
    }
}
