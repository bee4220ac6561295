// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import CQRSAMQP
internal import Essentials

/// What a virtual host holds, as the management API tells it.
struct ObservedTopology {
    /// An exchange.
    struct Exchange: Equatable {
        let kind: String
        let durable: Bool
        let autoDelete: Bool
        let isInternal: Bool
        let arguments: JSONObject
        /// The name of the policy in force.
        let policy: String?
    }

    /// A queue.
    struct Queue: Equatable {
        let durable: Bool
        let autoDelete: Bool
        let exclusive: Bool
        let arguments: JSONObject
        /// The name of the policy in force.
        let policy: String?
    }

    /// A binding, without arguments: ours have none, and others do not replace ours.
    struct Binding: Hashable {
        let source: String
        let destination: String
        /// `queue` or `exchange`.
        let destinationType: String
        let routingKey: String
    }

    private(set) var exchanges: [String: Exchange] = [:]
    private(set) var queues: [String: Queue] = [:]
    private(set) var bindings: Set<Binding> = []
    private(set) var policies: [String: BrokerPolicy] = [:]

    /// Reads the answers of the management API.
    ///
    /// - Throws: ``OperatorError`` for an answer that is none.
    init(exchanges: [JSONObject], queues: [JSONObject], bindings: [JSONObject], policies: [JSONObject]) throws {
        for object in exchanges {
            self.exchanges[try object.text("name")] = Exchange(
                kind: try object.text("type"), durable: try object.flag("durable"),
                autoDelete: try object.flag("auto_delete"), isInternal: try object.flag("internal"),
                arguments: object.object("arguments"), policy: object.policy)
        }
        for object in queues {
            self.queues[try object.text("name")] = Queue(
                durable: try object.flag("durable"), autoDelete: try object.flag("auto_delete"),
                exclusive: try object.flag("exclusive"), arguments: object.object("arguments"), policy: object.policy)
        }
        for object in bindings where object.object("arguments").members.isEmpty {
            self.bindings.insert(
                Binding(
                    source: try object.text("source"), destination: try object.text("destination"),
                    destinationType: try object.text("destination_type"), routingKey: try object.text("routing_key")))
        }
        for object in policies {
            let name = try object.text("name")
            // Policies for other things than ours, say streams only, are none of ours.
            guard let target = BrokerPolicy.Target(rawValue: try object.text("apply-to")) else { continue }
            guard case .number(let priority)? = object["priority"], let priority = priority.integer else {
                throw Self.malformed("priority")
            }
            self.policies[name] = BrokerPolicy(
                name: name, target: target, pattern: try object.text("pattern"), priority: priority,
                definition: Dictionary(object.object("definition").members.map { ($0.name, $0.value) }) { $1 })
        }
    }

    fileprivate static func malformed(_ name: String) -> OperatorError {
        OperatorError("the management API does not answer as RabbitMQ's does: \(name)", OperatorExit.failed)
    }
}

extension JSONObject {
    fileprivate func text(_ name: String) throws -> String {
        guard case .string(let text)? = self[name] else { throw ObservedTopology.malformed(name) }
        return text
    }

    fileprivate func flag(_ name: String) throws -> Bool {
        guard case .bool(let flag)? = self[name] else { throw ObservedTopology.malformed(name) }
        return flag
    }

    /// The member of that name; an empty table is `[]` in some answers, as Erlang does not tell the two apart.
    fileprivate func object(_ name: String) -> JSONObject {
        if case .object(let object)? = self[name] { object } else { JSONObject() }
    }

    fileprivate var policy: String? {
        if case .string(let name)? = self["policy"], !name.isEmpty { name } else { nil }
    }
}
