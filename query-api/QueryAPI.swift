// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import OTLPTracing
import ServiceKit

/// The query side: serves the read models over HTTP.
@main
struct QueryAPI: AsyncParsableCommand, HealthCheckedService {
    static let name = "query-api"
    static let defaultPort = 9000

    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Serves the read models over HTTP.",
        discussion: "Configured by environment variables; README.md has them in a table.",
        version: projectVersion,
        subcommands: [Run.self, HealthCommand<QueryAPI>.self],
        defaultSubcommand: Run.self)

    /// `run`: serves until SIGTERM.
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Serve until SIGTERM (the default).")

        @OptionGroup private var options: ServiceOptions

        func run() async throws {
            try await options.run {
                try QueryAPIConfiguration(reader: $0)
            } _: { configuration in
                let telemetry = Telemetry.bootstrap(
                    configuration.log, traceID: configuration.tracing.map { _ in OTLPTracing.recordedTraceID })
                try await buildService(configuration, telemetry: telemetry).run()
            }
        }
    }
}
