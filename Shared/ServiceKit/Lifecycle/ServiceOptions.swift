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
    /// - Parameters:
    ///   - read: reads every setting that the command knows, needed or not: a name given with `--set` that is not among them
    ///     is refused.
    ///   - body: returns the exit status.
    /// - Throws: `ExitCode`: what `body` returned unless 0; 64 (`EX_USAGE`) after one line about a `--set` of something
    ///   unknown; 78 (`EX_CONFIG`) after one about a bad setting; after one about any other error what that says
    ///   (``ExitStatusError``), or 1.
    public func run<Settings>(
        _ read: (ConfigReader) throws -> Settings, _ body: (Settings) async throws -> Int32
    ) async throws {
        do {
            let asked = AskedNames()
            let read = try read(try ServiceSettings.read(overrides: settings, asked: asked))
            for name in settings.map({ String($0.prefix { $0 != "=" }) }) where !asked.contains(name) {
                StandardError.line(
                    "error: --set \(name.prefix(64)): there is no such setting here. There are "
                        + asked.all.joined(separator: ", "))
                throw ExitCode(64)
            }
            let status = try await body(read)
            guard status == 0 else { throw ExitCode(status) }
        } catch let error as ConfigurationError {
            StandardError.line("error: \(error)")
            throw ExitCode(78)
        } catch let error as ExitCode {
            throw error
        } catch {
            StandardError.line("error: \(error)")
            throw ExitCode((error as? any ExitStatusError)?.exitStatus ?? 1)
        }
    }
}
