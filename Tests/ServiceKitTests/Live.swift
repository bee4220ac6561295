// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTestSupport
import ServiceLifecycle
import TestSupport

@testable import ServiceKit

/// Runs the service on a free port of the loopback interface while `body` talks to it, then stops it in order.
func withLiveService<Result: Sendable>(
    _ service: TestService, _ body: @escaping @Sendable (Live) async throws -> Result
) async throws -> Result {
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    let group = ServiceGroup(
        configuration: .init(
            services: [service.application(onListening: { listening.yield($0) })], logger: service.logger))
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else { throw CancellationError() }
        do {
            let result = try await body(Live(port: port, group: group))
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return result
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
    }
}

struct Live: Sendable {
    let port: Int
    let group: ServiceGroup

    /// Connects, and hands over a connection that is closed at the end.
    func connect<Result: Sendable>(
        _ body: @Sendable (RawConnection) async throws -> Result
    ) async throws -> Result {
        try await RawConnection.open(port: port, body)
    }

    /// Sends bytes and returns everything that comes back until the server closes.
    func exchange(_ request: String) async throws -> String {
        try await exchange(Array(request.utf8))
    }

    func exchange(_ request: [UInt8]) async throws -> String {
        try await RawConnection.exchange(port: port, request)
    }
}
