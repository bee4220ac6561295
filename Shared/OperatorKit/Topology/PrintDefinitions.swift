// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import ArgumentParser
internal import CQRSAMQP

extension TopologyCommand {
    /// `topology definitions`: what the broker's definitions file has to say.
    struct Definitions: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract:
                    "Print RabbitMQ's definitions file for all read models: topology and permissions, without users.",
                discussion: """
                    After a read model was added:

                      consumer topology definitions > deploy/rabbitmq/definitions.json
                    """)
        }

        func run() throws {
            for line in Self.lines { try Console.standard.print(line) }
        }

        /// The file's lines.
        static var lines: [String] { PrettyJSON.lines(BrokerDefinitions(Owner.readModels).json) }
    }
}
