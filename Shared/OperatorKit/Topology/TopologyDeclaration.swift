// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP

/// Declares a topology part by part.
///
/// Existence is looked at first: the broker checks the right to configure even for what exists already, and who has it
/// not should learn what is missing and not what is forbidden.
struct TopologyDeclaration {
    let described: AMQPTopology
    let connection: AMQPConnection

    /// One step for each part.
    ///
    /// - Throws: `AMQPError` when the broker does not answer.
    func run() async throws -> [DeclarationStep] {
        var steps: [DeclarationStep] = []
        for exchange in described.exchanges {
            steps.append(
                try await step("exchange \(exchange.name)", replace: "exchange") {
                    try await connection.checkExchange(exchange.name)
                } declare: {
                    try await connection.declare(exchange)
                })
        }
        for queue in described.queues {
            steps.append(
                try await step("queue \(queue.name)", replace: "queue") {
                    _ = try await connection.checkQueue(queue.name)
                } declare: {
                    _ = try await connection.declare(queue)
                })
        }
        for binding in described.bindings { steps.append(try await step(binding)) }
        return steps
    }

    private func step(
        _ part: String, replace: String, check: () async throws -> Void, declare: () async throws -> Void
    ) async throws -> DeclarationStep {
        var exists = true
        do {
            try await check()
        } catch let error as AMQPError where error.code == .notFound || error.code == .accessRefused {
            exists = false
        } catch let error as AMQPError where error.code == .resourceLocked {
            // Declaring it says the same.
        }
        do {
            try await declare()
            return DeclarationStep(part: part, outcome: exists ? .exists : .made)
        } catch let error as AMQPError where error.code == .accessRefused {
            guard !exists else { return DeclarationStep(part: part, outcome: .exists) }
            return DeclarationStep(part: part, outcome: .failed("this user needs the right to configure it"))
        } catch let error as AMQPError where error.code == .preconditionFailed || error.code == .resourceLocked {
            return DeclarationStep(
                part: part, outcome: .failed("it has other properties: \(TopologyFinding.replace(replace))"))
        }
    }

    private func step(_ binding: AMQPBinding) async throws -> DeclarationStep {
        do throws(AMQPError) {
            try await connection.declare(binding)
            return DeclarationStep(part: binding.part, outcome: .bound)
        } catch  where error.code == .accessRefused {
            return DeclarationStep(
                part: binding.part,
                outcome: .failed("this user needs the rights to read the exchange and to write to the queue"))
        } catch  where error.code == .notFound {
            return DeclarationStep(part: binding.part, outcome: .failed("one of its ends is missing"))
        }
    }
}
