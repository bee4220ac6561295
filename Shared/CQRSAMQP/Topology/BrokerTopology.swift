// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP
public import CQRS

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
    /// Everything for these read models.
    public static func whole(_ readModels: [any Projection.Type]) -> BrokerTopology {
        var amqp = exchanges
        amqp.exchanges += NoticeTopology.topology.exchanges
        var policies = exchangePolicies
        for readModel in readModels {
            let own = subscription(of: readModel.name, eventPatterns: readModel.eventPatterns)
            amqp.exchanges += own.exchanges
            amqp.queues += own.queues
            amqp.bindings += own.bindings
            policies += self.policies(of: readModel.name)
        }
        return BrokerTopology(amqp: amqp, policies: policies)
    }
}
