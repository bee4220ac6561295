// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Configuration
internal import Logging
internal import MongoDB
internal import ServiceKit

/// What operators' commands have in common: they run beside the services, with the same settings, to an end.
enum OperatorCommand {
    /// Runs a body with the settings and a client, and turns its errors into one line and an exit status.
    static func run(
        _ options: ServiceOptions,
        _ body: (SystemConfiguration, MongoClient, Logger) async throws -> Int32
    ) async throws {
        try await options.run {
            try SystemConfiguration(reader: $0)
        } _: { read in
            var configuration = read
            // What a command has to say it prints; its log is for what goes wrong below it.
            configuration.log.level = max(configuration.log.level, .warning)
            configuration.log.bootstrap()
            let logger = Logger(label: "consumer")
            let mongodb = try MongoClient(configuration: configuration.mongodb, logger: logger)
            let status: Int32
            do {
                status = try await body(configuration, mongodb, logger)
            } catch {
                StandardError.line("error: \(error)")
                status = OperatorExit.status(of: error)
            }
            await mongodb.close()
            return status
        }
    }
}
