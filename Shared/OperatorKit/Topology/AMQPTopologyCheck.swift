// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import CQRSAMQP

/// Compares a virtual host with the description as far as AMQP allows.
///
/// A passive declaration says whether something exists. Declaring what exists changes nothing, and is refused with 406
/// when its properties differ; this needs the right to configure it.
struct AMQPTopologyCheck {
    let described: BrokerTopology
    let connection: AMQPConnection

    /// One finding for each part of the description.
    ///
    /// - Throws: `AMQPError` when the broker does not answer.
    func findings() async throws -> [TopologyFinding] {
        var findings: [TopologyFinding] = []
        for exchange in described.amqp.exchanges {
            findings.append(
                try await finding("exchange", exchange.name) {
                    try await connection.checkExchange(exchange.name)
                } declare: {
                    try await connection.declare(exchange)
                })
        }
        for queue in described.amqp.queues {
            findings.append(
                try await finding("queue", queue.name) {
                    _ = try await connection.checkQueue(queue.name)
                } declare: {
                    _ = try await connection.declare(queue)
                })
        }
        let unchecked = TopologyFinding.Verdict.unchecked("AMQP cannot look at it; --management URL can")
        findings += described.amqp.bindings.map { TopologyFinding(part: $0.part, verdict: unchecked) }
        findings += described.policies.map { TopologyFinding(part: "policy \($0.name)", verdict: unchecked) }
        return findings
    }

    private func finding(
        _ kind: String, _ name: String, check: () async throws -> Void, declare: () async throws -> Void
    ) async throws -> TopologyFinding {
        let part = "\(kind) \(name)"
        do {
            try await check()
        } catch let error as AMQPError where error.code == .notFound {
            return TopologyFinding(part: part, verdict: .missing, remedy: TopologyFinding.declare)
        } catch let error as AMQPError where error.code == .accessRefused {
            return TopologyFinding(part: part, verdict: .unchecked("this user has no right to it"))
        } catch let error as AMQPError where error.code == .resourceLocked {
            return TopologyFinding(
                part: part, verdict: .different("it is exclusive to a connection"),
                remedy: TopologyFinding.replace(kind))
        }
        do {
            try await declare()
            return TopologyFinding(part: part, verdict: .fine)
        } catch let error as AMQPError where error.code == .preconditionFailed {
            return TopologyFinding(
                part: part, verdict: .different("it has other properties; --management URL shows which"),
                remedy: TopologyFinding.replace(kind))
        } catch let error as AMQPError where error.code == .accessRefused {
            return TopologyFinding(
                part: part, verdict: .unchecked("it exists; to compare its properties takes the right to configure it"))
        }
    }
}
