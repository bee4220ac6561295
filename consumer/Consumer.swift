// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import OTLPTracing
import OperatorKit
import ServiceKit

/// The consumer: keeps the read models up to date with the events.
@main
struct Consumer: AsyncParsableCommand, HealthCheckedService, ReadModelOwner {
    static let name = "consumer"
    static let defaultPort = 9100

    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Keeps the read models up to date with the published events.",
        discussion: "Configured by environment variables; README.md has them in a table.",
        version: projectVersion,
        subcommands: [
            Run.self, Verify<Consumer>.self, Rebuild<Consumer>.self, Partition<Consumer>.self,
            DeadLettersCommand<Consumer>.self, TopologyCommand<Consumer>.self, HealthCommand<Consumer>.self,
        ])

    /// `run`: consumes until SIGTERM.
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Consume until SIGTERM.")

        @OptionGroup private var options: ServiceOptions

        func run() async throws {
            try await options.run {
                try ConsumerConfiguration(reader: $0)
            } _: { configuration in
                let telemetry = Telemetry.bootstrap(
                    configuration.system.log,
                    traceID: configuration.system.tracing.map { _ in OTLPTracing.recordedTraceID })
                try await buildService(configuration, telemetry: telemetry).run()
            }
        }
    }
}
