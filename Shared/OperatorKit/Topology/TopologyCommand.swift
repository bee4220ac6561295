// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import ArgumentParser

/// `topology`: what the broker has to hold for the services to work.
public struct TopologyCommand<Owner: ReadModelOwner>: AsyncParsableCommand {
    /// How it is called.
    public static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "topology",
            abstract: "Declare, check and print exchanges, queues, bindings and policies.",
            discussion: """
                The broker's definitions file, deploy/rabbitmq/definitions.json, makes the same. These commands are for brokers \
                that were set up otherwise, and print that file.

                  consumer topology check
                  RABBITMQ_MANAGEMENT_URL=http://guest:guest@localhost:15672 consumer topology check
                  AMQP_URL=amqp://guest:guest@localhost consumer topology declare
                """,
            subcommands: [Declare.self, Check.self, Definitions.self])
    }

    /// For whoever parses a command line.
    public init() {}
}
