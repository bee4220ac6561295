// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import ArgumentParser
internal import Configuration

/// A service whose `/ready` the `health` command asks.
public protocol HealthCheckedService: Sendable {
    /// The port when `HTTP_PORT` does not say another.
    static var defaultPort: Int { get }
}

/// `health`: asks the running service on this machine whether it is ready, for container health checks.
///
/// Prints the answer. Exits with 0 when ready, else with 1, within three seconds.
public struct HealthCommand<Checked: HealthCheckedService>: AsyncParsableCommand {
    /// The command's name and help.
    public static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "health",
            abstract: "Ask the running service whether it is ready; exit status 0 means yes.")
    }

    @OptionGroup private var options: ServiceOptions

    /// Creates the command.
    public init() {}

    /// Asks, prints and exits.
    public func run() async throws {
        try await options.run { reader in
            try HTTPConfiguration(reader: reader.scoped(to: "http"), defaultPort: Checked.defaultPort)
        } _: { http in
            let probe = HealthProbe(host: http.addresses.first ?? "", port: http.port)
            do {
                let answer = try await probe.ask()
                print(answer.body)
                return answer.status == 200 ? 0 : 1
            } catch {
                StandardError.line("error: \(error)")
                return 1
            }
        }
    }
}
