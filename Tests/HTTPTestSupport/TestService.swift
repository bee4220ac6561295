// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Foundation
public import TestSupport

/// One of the three services as a real process.
public struct TestService: Sendable {
    /// What tells it from the other services of a test.
    public let name: String
    /// The port its HTTP server listens on.
    public let port: Int
    private let program: String
    private let arguments: [String]
    private let environment: [String: String]
    private let log: URL

    /// Describes a service that is not running yet.
    ///
    /// - Parameters:
    ///   - program: which of the three.
    ///   - name: the program's unless there are several.
    public init(
        _ program: String, name: String? = nil, arguments: [String] = ["run"], environment: [String: String], logs: URL
    ) {
        let name = name ?? program
        self.program = program
        self.name = name
        self.arguments = arguments
        port = freePort()
        var environment = environment
        environment["HTTP_PORT"] = "\(port)"
        environment["LOG_FORMAT"] = "text"
        // What must not be logged must not be logged at any level.
        environment["LOG_LEVEL"] = "trace"
        self.environment = environment
        log = logs.appending(path: "\(name).log")
    }

    /// The same program with the same settings and other arguments, with a log of its own.
    public func with(arguments: [String], name: String) -> TestService {
        var environment = environment
        environment["HTTP_PORT"] = nil
        environment["LOG_LEVEL"] = nil
        return TestService(
            program, name: name, arguments: arguments, environment: environment, logs: log.deletingLastPathComponent())
    }

    /// Where it answers.
    public var url: String { "http://127.0.0.1:\(port)" }

    /// Starts a process and returns without waiting.
    ///
    /// - Parameter extra: environment variables for this run alone.
    public func launch(_ extra: [String: String] = [:]) throws -> RunningProcess {
        try RunningProcess(
            Self.programs.appending(path: program).path, arguments, environment: environment.merging(extra) { $1 },
            output: log, errors: log)
    }

    /// Starts a process and waits until it says that it is ready.
    public func start(_ extra: [String: String] = [:]) async throws -> RunningProcess {
        let process = try launch(extra)
        try await eventually("\(name) ready; its log:\n\(logText)") {
            guard process.isRunning else { throw ServiceEnded(name: name, log: logText) }
            return await isReady()
        }
        return process
    }

    /// Runs another of the program's commands to its end, with the service's settings.
    public func run(_ arguments: [String], limit: Duration = .seconds(120)) async throws -> CommandResult {
        try await TestSupport.run(
            Self.programs.appending(path: program).path, arguments, environment: environment, limit: limit)
    }

    /// Whether `/ready` answers 200.
    public func isReady() async -> Bool { (try? await HTTP.get("\(url)/ready"))?.status == 200 }

    /// Everything it has logged so far.
    public var logText: String { String(decoding: (try? Data(contentsOf: log)) ?? Data(), as: UTF8.self) }

    /// Where the build put the programs: beside the tests.
    private static let programs =
        ProcessInfo.processInfo.environment["TEST_PROGRAMS"].map { URL(filePath: $0) }
        ?? URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
}

/// A service that ended when it should run.
public struct ServiceEnded: Error, CustomStringConvertible {
    let name: String
    let log: String

    /// Its name and log.
    public var description: String { "\(name) has ended:\n\(log)" }
}
