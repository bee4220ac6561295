// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import CQRS
internal import CQRSAMQP
internal import Essentials

/// Compares a virtual host with the description, part by part. What the host holds besides is nobody's business here.
struct TopologyComparison {
    let described: BrokerTopology
    let observed: ObservedTopology

    /// One finding for each part of the description.
    var findings: [TopologyFinding] {
        described.amqp.exchanges.map(finding) + described.amqp.queues.map(finding)
            + described.amqp.bindings.map(finding) + described.policies.map(finding)
    }

    private func finding(_ exchange: AMQPExchange) -> TopologyFinding {
        let part = "exchange \(exchange.name)"
        guard let found = observed.exchanges[exchange.name] else {
            return TopologyFinding(part: part, verdict: .missing, remedy: TopologyFinding.declare)
        }
        return finding(
            part, replace: "exchange",
            [
                difference("its type", found.kind, exchange.kind.rawValue),
                difference("durable", found.durable, exchange.durable),
                difference("auto-delete", found.autoDelete, exchange.autoDelete),
                difference("internal", found.isInternal, exchange.isInternal),
                difference(found.arguments, exchange.arguments),
            ])
    }

    private func finding(_ queue: AMQPQueue) -> TopologyFinding {
        let part = "queue \(queue.name)"
        guard let found = observed.queues[queue.name] else {
            return TopologyFinding(part: part, verdict: .missing, remedy: TopologyFinding.declare)
        }
        return finding(
            part, replace: "queue",
            [
                difference("durable", found.durable, queue.durable),
                difference("auto-delete", found.autoDelete, queue.autoDelete),
                difference("exclusive", found.exclusive, queue.exclusive),
                difference(found.arguments, queue.arguments),
            ])
    }

    private func finding(_ binding: AMQPBinding) -> TopologyFinding {
        let wanted = ObservedTopology.Binding(binding)
        let spread = ObservedTopology.Binding(
            source: wanted.source, destination: EventTopology.partitionExchange(of: wanted.destination),
            destinationType: "exchange", routingKey: wanted.routingKey)
        // The events of a read model with partitions go there.
        let isThere = observed.bindings.contains(wanted) || observed.bindings.contains(spread)
        return TopologyFinding(
            part: binding.part, verdict: isThere ? .fine : .missing, remedy: isThere ? nil : TopologyFinding.declare)
    }

    private func finding(_ policy: BrokerPolicy) -> TopologyFinding {
        let part = "policy \(policy.name)"
        guard let found = observed.policies[policy.name] else {
            return TopologyFinding(part: part, verdict: .missing, remedy: TopologyFinding.declarePolicies)
        }
        let differences = [
            difference("its pattern", found.pattern, policy.pattern),
            difference("it applies to", found.target.rawValue, policy.target.rawValue),
            difference("its priority", found.priority, policy.priority),
            difference(found.definition, policy.definition),
        ].compactMap { $0 }
        guard differences.isEmpty else {
            return TopologyFinding(
                part: part, verdict: .different(differences.joined(separator: "; ")),
                remedy: TopologyFinding.declarePolicies)
        }
        // Each policy is for one thing, named like it. Of several that match only one is in force.
        let isThere: Bool
        let inForce: String?
        switch policy.target {
        case .exchanges:
            (isThere, inForce) = (observed.exchanges[policy.name] != nil, observed.exchanges[policy.name]?.policy)
        case .queues: (isThere, inForce) = (observed.queues[policy.name] != nil, observed.queues[policy.name]?.policy)
        }
        guard isThere, inForce != policy.name else { return TopologyFinding(part: part, verdict: .fine) }
        return TopologyFinding(
            part: part, verdict: .different("it is not in force: \(inForce.map { "the policy \($0)" } ?? "none") is"),
            remedy: inForce.map { "give the policy \($0) a pattern that leaves \(policy.name) out" }
                ?? "wait some seconds and check again")
    }

    // MARK: Differences

    private func finding(_ part: String, replace: String, _ differences: [String?]) -> TopologyFinding {
        let differences = differences.compactMap { $0 }
        guard !differences.isEmpty else { return TopologyFinding(part: part, verdict: .fine) }
        return TopologyFinding(
            part: part, verdict: .different(differences.joined(separator: "; ")),
            remedy: TopologyFinding.replace(replace))
    }

    private func difference(
        _ what: String, _ found: some Equatable & CustomStringConvertible,
        _ wanted: some Equatable & CustomStringConvertible
    ) -> String? {
        found.description == wanted.description ? nil : "\(what) is \(found), not \(wanted)"
    }

    private func difference(_ found: JSONObject, _ wanted: AMQPTable) -> String? {
        difference(
            Dictionary(found.members.map { ($0.name, $0.value) }) { $1 },
            Dictionary(wanted.json.members.map { ($0.name, $0.value) }) { $1 })
    }

    private func difference(_ found: [String: JSONValue], _ wanted: [String: JSONValue]) -> String? {
        let differences = Set(found.keys).union(wanted.keys).sorted().compactMap { name -> String? in
            func text(_ value: JSONValue?) -> String { value.map { PrettyJSON.text($0) } ?? "not set" }
            guard found[name] != wanted[name] else { return nil }
            return "\(Printable.text(name)) is \(text(found[name])), not \(text(wanted[name]))"
        }
        return differences.isEmpty ? nil : differences.joined(separator: "; ")
    }
}

extension AMQPBinding {
    /// The binding in words.
    var part: String { "binding \(source) → \(ObservedTopology.Binding(self).destination), key \"\(routingKey)\"" }
}

extension ObservedTopology.Binding {
    init(_ binding: AMQPBinding) {
        let (name, type) =
            switch binding.destination {
            case .queue(let name): (name, "queue")
            case .exchange(let name): (name, "exchange")
            }
        self.init(source: binding.source, destination: name, destinationType: type, routingKey: binding.routingKey)
    }
}
