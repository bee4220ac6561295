// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import ArgumentParser
internal import CQRSAMQP

extension TopologyCommand {
    /// `topology declare`: makes what is missing.
    struct Declare: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract: "Make what is missing on the broker.",
                discussion: """
                    Existing exchanges and queues are left as they are; exit status 1 if one is not as it should be, or could not \
                    be made. The user of AMQP_URL needs the rights to configure all exchanges and queues and to bind them, as an \
                    administrator has; the consumer's own user may make the queues of its context only.

                    Policies cannot be set over AMQP. They are in deploy/rabbitmq/definitions.json; with --management URL this \
                    command sets them, for which that user needs the tag policymaker or administrator.
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
            var steps: [DeclarationStep] = []
            if let management {
                // First: a queue shall not be without its policy.
                steps = try await Self.set(described.policies, management)
                for step in steps { try console.print(step.line) }
            }
            let declared = try await broker.connected { connection in
                try await TopologyDeclaration(described: described.amqp, connection: connection).run()
            }
            for step in declared { try console.print(step.line) }
            if management == nil {
                console.note(
                    """
                    Policies were not touched: AMQP cannot. They are in deploy/rabbitmq/definitions.json; \
                    --management URL sets them.
                    """)
            }
            return (steps + declared).contains(where: \.isFailure) ? OperatorExit.refused : 0
        }

        private static func set(_ policies: [BrokerPolicy], _ management: ManagementAPI) async throws
            -> [DeclarationStep]
        {
            let observed = try await management.topology().policies
            var steps: [DeclarationStep] = []
            for policy in policies {
                let isThere = observed[policy.name] == policy
                if !isThere { try await management.set(policy) }
                steps.append(DeclarationStep(part: "policy \(policy.name)", outcome: isThere ? .exists : .made))
            }
            return steps
        }
    }
}
