// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import OTLPTracing
import ServiceKit

/// The command side: takes commands over HTTP and turns them into events.
@main
struct CommandAPI: AsyncParsableCommand, HealthCheckedService {
    static let name = "command-api"
    static let defaultPort = 8000

    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Takes commands over HTTP, keeps the events they cause, and publishes them.",
        discussion: "Configured by environment variables; README.md has them in a table.",
        version: projectVersion,
        subcommands: [Run.self, HealthCommand<CommandAPI>.self],
        defaultSubcommand: Run.self)

    /// `run`: serves until SIGTERM.
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Serve until SIGTERM (the default).")

        @OptionGroup private var options: ServiceOptions

        func run() async throws {
            try await options.run {
                try CommandAPIConfiguration(reader: $0)
            } _: { configuration in
                let telemetry = Telemetry.bootstrap(
                    configuration.log, traceID: configuration.tracing.map { _ in OTLPTracing.recordedTraceID })
                try await buildService(configuration, telemetry: telemetry).run()
            }
        }
    }
}
