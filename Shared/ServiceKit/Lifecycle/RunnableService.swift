// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Logging
public import ServiceLifecycle

/// A service put together and ready to run: what a composition root returns.
public struct RunnableService: Sendable {
    private let runner: ServiceRunner
    private let parts: [any Service]
    private let http: any Service

    /// Puts a service together.
    ///
    /// - Parameters:
    ///   - name: the service, for its log.
    ///   - health: what it depends on.
    ///   - logger: for its start and stop.
    ///   - parts: stores, broker, relays, in the order of their start; they stop in reverse.
    ///   - http: what takes requests; starts last and stops first.
    public init(name: String, health: Health, logger: Logger, parts: [any Service], http: any Service) {
        runner = ServiceRunner(name: name, version: projectVersion, health: health, logger: logger)
        self.parts = parts
        self.http = http
    }

    /// Runs until SIGTERM or SIGINT, and ends the process: with status 0 after a stop, 1 after a failure.
    public func run() async -> Never { await runner.run(parts, http: http) }
}
