// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import TestSupport

/// A broker and a database that run, in a folder that is theirs.
struct ServersOfASystem: Sendable {
    let folder: URL
    let broker: TestServer
    let database: TestServer

    static func start() async throws -> ServersOfASystem {
        let folder = try TestEnvironment.makeFolder("system")
        let servers = ServersOfASystem(
            folder: folder, broker: TestServer(.rabbitmq, in: folder), database: TestServer(.mongod, in: folder))
        async let broker: Void = servers.broker.start()
        async let database: Void = servers.database.start()
        _ = try await (broker, database)
        return servers
    }
}

/// The servers of the next test, which start while the present one runs: a broker takes seconds for it.
///
/// Those of nobody at the end are stopped by `scripts/test`, as those of a run that is cut off; who runs tests in another way has none.
actor SpareServers {
    static let shared = SpareServers()

    private var spare: Task<ServersOfASystem, any Error>?

    /// Servers for a test, its own from now on.
    func take() async throws -> ServersOfASystem {
        let taken = spare ?? Task { try await .start() }
        guard ProcessInfo.processInfo.environment["TEST_DIRECTORY"] != nil else { return try await taken.value }
        spare = Task {
            // Not beside the start of what is taken: that one is waited for.
            _ = try? await taken.value
            return try await .start()
        }
        return try await taken.value
    }
}
