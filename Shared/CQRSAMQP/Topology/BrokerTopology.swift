// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP

/// Everything that a virtual host must hold: what AMQP can declare, and the policies.
public struct BrokerTopology: Sendable, Equatable {
    /// Exchanges, queues and bindings.
    public let amqp: AMQPTopology
    /// The policies; each is for the exchange or queue of its name.
    public let policies: [BrokerPolicy]

    /// A topology.
    public init(amqp: AMQPTopology, policies: [BrokerPolicy]) {
        self.amqp = amqp
        self.policies = policies
    }
}

extension EventTopology {
    /// Everything for these contexts.
    ///
    /// - Parameter subscriptions: each context's permanent name, and the event types it subscribes to as a topic pattern.
    public static func whole(_ subscriptions: [(context: String, eventPattern: String)]) -> BrokerTopology {
        var amqp = exchanges
        amqp.exchanges += NoticeTopology.topology.exchanges
        var policies = exchangePolicies
        for (context, eventPattern) in subscriptions {
            let own = subscription(of: context, eventPattern: eventPattern)
            amqp.exchanges += own.exchanges
            amqp.queues += own.queues
            amqp.bindings += own.bindings
            policies += self.policies(of: context)
        }
        return BrokerTopology(amqp: amqp, policies: policies)
    }
}
