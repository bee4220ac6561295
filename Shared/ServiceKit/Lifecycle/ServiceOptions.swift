// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import ArgumentParser
public import Configuration

/// Options that every command has: settings by the name of their environment variable.
public struct ServiceOptions: ParsableArguments {
    /// `NAME=VALUE` pairs that come before the environment.
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Set an environment variable's setting, such as --set HTTP_PORT=8080. May be repeated.",
            valueName: "NAME=VALUE"))
    public var settings: [String] = []

    /// Creates options without settings.
    public init() {}

    /// Reads the settings of the process and runs `body` with them.
    ///
    /// - Parameter body: returns the exit status.
    /// - Throws: `ExitCode`: what `body` returned unless 0; 78 (`EX_CONFIG`) after one line about a bad setting; 1 after one
    ///   line about any other error.
    public func run(_ body: (ConfigReader) async throws -> Int32) async throws {
        do {
            let status = try await body(try ServiceSettings.read(overrides: settings))
            guard status == 0 else { throw ExitCode(status) }
        } catch let error as ConfigurationError {
            StandardError.line("error: \(error)")
            throw ExitCode(78)
        } catch let error as ExitCode {
            throw error
        } catch {
            StandardError.line("error: \(error)")
            throw ExitCode(1)
        }
    }
}
