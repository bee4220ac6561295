// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
public import CQRS
public import Essentials

/// Everything that a broker must hold for some read models, as RabbitMQ's definitions file says it (RabbitMQ, "Schema Definition
/// Export and Import"): the topology, and what each service may do. Users are not in it.
public struct BrokerDefinitions {
    private let readModels: [any Projection.Type]
    private let host = "/"

    /// The definitions for these read models.
    public init(_ readModels: [any Projection.Type]) { self.readModels = readModels }

    /// The file's content.
    public var json: JSONValue {
        let topology = EventTopology.whole(readModels)
        return object([
            "vhosts": .array([object(["name": .string(host)])]),
            "permissions": .array(permissions),
            "exchanges": .array(topology.amqp.exchanges.map(exchange)),
            "queues": .array(topology.amqp.queues.map(queue)),
            "bindings": .array(topology.amqp.bindings.map(binding)),
            "policies": .array(topology.policies.map(policy)),
        ])
    }

    /// The least that each service needs (RabbitMQ, "Access Control", "How Authorisation Works"). The consumer also makes the queues of
    /// generations, which are named after the permanent ones.
    private var permissions: [JSONValue] {
        let events = EventTopology.exchange
        let notices = NoticeTopology.exchange
        let names = readModels.map { $0.name }.joined(separator: "|")
        let queues = "(\(names))\\.projection(\\..+)?"
        return [
            permission("command-api", configure: "^$", write: "^\(events)$", read: "^$"),
            permission(
                "consumer", configure: "^(\(queues)|\(notices))$", write: "^(\(queues)|amq\\.default|\(notices))$",
                read: "^(\(queues)|\(events))$"),
            permission(
                "query-api", configure: "^\(notices)\\..+$", write: "^\(notices)(\\..+)?$",
                read: "^\(notices)(\\..+)?$"),
        ]
    }

    private func permission(_ user: String, configure: String, write: String, read: String) -> JSONValue {
        object([
            "user": .string(user), "vhost": .string(host), "configure": .string(configure), "write": .string(write),
            "read": .string(read),
        ])
    }

    private func exchange(_ exchange: AMQPExchange) -> JSONValue {
        object([
            "name": .string(exchange.name), "vhost": .string(host), "type": .string(exchange.kind.rawValue),
            "durable": .bool(exchange.durable), "auto_delete": .bool(exchange.autoDelete),
            "internal": .bool(exchange.isInternal), "arguments": arguments(exchange.arguments),
        ])
    }

    private func queue(_ queue: AMQPQueue) -> JSONValue {
        object([
            "name": .string(queue.name), "vhost": .string(host), "durable": .bool(queue.durable),
            "auto_delete": .bool(queue.autoDelete), "arguments": arguments(queue.arguments),
        ])
    }

    private func binding(_ binding: AMQPBinding) -> JSONValue {
        let (name, kind) =
            switch binding.destination {
            case .queue(let name): (name, "queue")
            case .exchange(let name): (name, "exchange")
            }
        return object([
            "source": .string(binding.source), "vhost": .string(host), "destination": .string(name),
            "destination_type": .string(kind), "routing_key": .string(binding.routingKey),
            "arguments": arguments(binding.arguments),
        ])
    }

    private func policy(_ policy: BrokerPolicy) -> JSONValue {
        object([
            "name": .string(policy.name), "vhost": .string(host), "pattern": .string(policy.pattern),
            "apply-to": .string(policy.target.rawValue), "priority": .number(JSONNumber(policy.priority)),
            "definition": object(policy.definition.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }),
        ])
    }

    /// Those of the permanent topology are texts.
    private func arguments(_ table: AMQPTable) -> JSONValue {
        object(
            table.entries.map { name, value in
                guard case .string(let text) = value else { preconditionFailure("\(name) is no text") }
                return (name, .string(text))
            })
    }

    private func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        object(members.map { ($0.key, $0.value) })
    }

    private func object(_ members: [(String, JSONValue)]) -> JSONValue {
        var object = JSONObject()
        for (name, value) in members { object.append(name, value) }
        return .object(object)
    }
}
