// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import ArgumentParser
internal import CQRSAMQP

extension TopologyCommand {
    /// `topology check`: names every difference.
    struct Check: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract: "Compare the broker with what the services need.",
                discussion: """
                    With the management API everything is compared. Without it existence is, and the properties of what this user \
                    may configure; the rest is said to be unchecked. Changes nothing.

                    EXIT STATUS
                      0   nothing differs
                      1   something is missing or different
                      69  the broker or its management API cannot be reached
                      70  it does not answer as RabbitMQ does
                      77  it refuses the user or password, or the user may not look
                      78  a bad setting
                    """)
        }

        @OptionGroup private var options: TopologyOptions<Owner>

        func run() async throws {
            try await options.run { try await execute($0, $1, .standard) }
        }

        func execute(
            _ broker: AMQPConfiguration, _ management: ManagementAPI?, _ console: Console
        ) async throws -> Int32 {
            let described = TopologyOptions<Owner>.topology
            let findings: [TopologyFinding]
            if let management {
                findings = TopologyComparison(described: described, observed: try await management.topology()).findings
            } else {
                findings = try await broker.connected { connection in
                    try await AMQPTopologyCheck(described: described, connection: connection).findings()
                }
            }
            for line in findings.flatMap(\.lines) { try console.print(line) }
            let differences = findings.count(where: \.isDifference)
            let unchecked = findings.count { if case .unchecked = $0.verdict { true } else { false } }
            console.note(
                "\(findings.count) parts: \(differences) missing or different, \(unchecked) unchecked")
            return differences == 0 ? 0 : OperatorExit.refused
        }
    }
}

extension AMQPConfiguration {
    /// Connects around `body`.
    ///
    /// - Throws: ``OperatorError`` for what the broker, or the way to it, is to blame for.
    func connected<Value: Sendable>(_ body: (AMQPConnection) async throws -> Value) async throws -> Value {
        do {
            return try await AMQPConnection.withConnection(self, body)
        } catch let error as AMQPError {
            throw OperatorError(error, broker: self, missing: "the broker: \(error)")
        }
    }
}
