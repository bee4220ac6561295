// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Configuration

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Reads the process's settings once: arguments first, then the environment; defaults stand where a key is read.
public enum ServiceSettings {
    /// Variables with secrets. Each can be given as a file by the name with `_FILE` behind it.
    public static let secrets: Set<String> = [
        "AMQP_URL", "MONGODB_URI", "RABBITMQ_MANAGEMENT_URL", "CONSOLE_AMQP_URL", "CONSOLE_MONGODB_URI",
        "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
    ]

    /// The settings of this process.
    ///
    /// Keys are scoped and in camel case: `AMQP_HEARTBEAT_MS` is `heartbeatMs` of the reader scoped to `amqp`.
    ///
    /// - Parameters:
    ///   - overrides: `NAME=VALUE` pairs from the command line.
    ///   - environment: the environment; `nil` is the process's own.
    /// - Throws: ``ConfigurationError`` for an argument that is no pair, and for secrets: both the variable and its file
    ///   given, or a file that cannot be read. The file's last line end is not part of the secret.
    public static func read(
        overrides: [String] = [], environment: [String: String]? = nil
    ) throws(ConfigurationError) -> ConfigReader {
        try read(overrides: overrides, environment: environment, asked: AskedNames())
    }

    /// The same.
    ///
    /// - Parameter asked: is told which variables are asked for.
    static func read(
        overrides: [String], environment: [String: String]? = nil, asked: AskedNames
    ) throws(ConfigurationError) -> ConfigReader {
        var environment = environment ?? ProcessInfo.processInfo.environment
        for pair in overrides {
            guard let equals = pair.firstIndex(of: "="), equals != pair.startIndex else {
                throw ConfigurationError(name: "--set", problem: "needs NAME=VALUE")
            }
            let name = String(pair[..<equals])
            environment[name] = String(pair[pair.index(after: equals)...])
            // An argument replaces a secret however the environment gave it.
            if secrets.contains(name) { environment[name + "_FILE"] = nil }
        }
        for name in secrets { try readFile(of: name, &environment) }
        // Compose files and shells set empty what they do not set; every module shall take that for absent.
        environment = environment.filter { !$0.value.isEmpty }
        return ConfigReader(providers: [
            EnvironmentNameProvider(asked: asked),
            EnvironmentVariablesProvider(environmentVariables: environment, secretsSpecifier: .specific(secrets)),
        ])
    }

    private static func readFile(
        of name: String, _ environment: inout [String: String]
    ) throws(ConfigurationError) {
        guard let path = environment[name + "_FILE"], !path.isEmpty else { return }
        guard (environment[name] ?? "").isEmpty else {
            throw ConfigurationError(name: name + "_FILE", problem: "is set together with \(name): set only one")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError(name: name + "_FILE", problem: "is \"\(path)\", which cannot be read")
        }
        guard var text = String(validating: data, as: UTF8.self), text.utf8.count <= 64 << 10 else {
            throw ConfigurationError(name: name + "_FILE", problem: "is \"\(path)\", which is no short UTF-8 text")
        }
        if text.utf8.last == UInt8(ascii: "\n") || text.last == "\r\n" { text.removeLast() }
        guard !text.isEmpty else {
            throw ConfigurationError(name: name + "_FILE", problem: "is \"\(path)\", which is empty")
        }
        environment[name] = text
    }
}
