// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import ServiceLifecycle

/// A part of a service that runs until it is cancelled, which a graceful shutdown does.
public struct UntilShutdown: Service {
    private let body: @Sendable () async throws -> Void

    /// Makes a part of something that ends in order when its task is cancelled.
    public init(_ body: @escaping @Sendable () async throws -> Void) { self.body = body }

    /// Runs it.
    public func run() async throws { try await cancelWhenGracefulShutdown(body) }
}

/// A part of a service that needs no running but a proper end.
public struct AtShutdown: Service {
    private let body: @Sendable () async -> Void

    /// Makes a part that calls `body` when it is its turn to stop.
    public init(_ body: @escaping @Sendable () async -> Void) { self.body = body }

    /// Waits for the shutdown, then ends it.
    public func run() async throws {
        // Cancelled or shut down: the end is the same.
        try? await gracefulShutdown()
        await body()
    }
}
