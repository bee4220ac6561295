// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import TestSupport

/// The running processes of a ``TestSystem``.
actor Services {
    private let system: TestSystem
    private var processes: [String: RunningProcess] = [:]

    init(system: TestSystem) { self.system = system }

    func startAll() async throws {
        // Each finds or waits for what it needs: the order does not matter.
        for service in system.services { try launch(service) }
        for service in system.services {
            try await eventually("\(service.name) ready") { await service.isReady() }
        }
    }

    /// Starts a service without waiting for it.
    ///
    /// - Parameter extra: environment variables for this run alone.
    func launch(_ service: TestService, _ extra: [String: String] = [:]) throws {
        processes[service.name] = try service.launch(extra)
    }

    /// Starts a service and waits until it is ready.
    func start(_ service: TestService, _ extra: [String: String] = [:]) async throws {
        processes[service.name] = try await service.start(extra)
    }

    /// Waits until a service has ended by itself. - Returns: its exit status.
    func end(of service: TestService, within limit: Duration = .seconds(30)) async throws -> Int32? {
        try await processes.removeValue(forKey: service.name)?.status(within: limit)
    }

    func process(_ service: TestService) -> RunningProcess? { processes[service.name] }

    /// Freezes a service.
    func pause(_ service: TestService) { processes[service.name]?.signal(SIGSTOP) }

    /// Ends the freeze.
    func resume(_ service: TestService) { processes[service.name]?.signal(SIGCONT) }

    /// Kills a service with SIGKILL.
    func kill(_ service: TestService) async throws {
        try await processes.removeValue(forKey: service.name)?.killAtOnce()
    }

    /// Kills a service with SIGKILL and starts another.
    func killAndRestart(_ service: TestService) async throws {
        try await processes[service.name]?.killAtOnce()
        processes[service.name] = try await service.start()
    }

    /// Asks a service to end.
    ///
    /// - Returns: its exit status.
    func terminate(_ service: TestService, within limit: Duration = .seconds(10)) async throws -> Int32? {
        try await processes.removeValue(forKey: service.name)?.terminate(within: limit)
    }

    func stopAll() async {
        for process in processes.values { process.signal(SIGTERM) }
        for process in processes.values where (try? await process.status(within: .seconds(12))) == nil {
            try? await process.killAtOnce()
        }
        processes = [:]
    }
}
