// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import NIOCore
import NIOPosix
import ServiceLifecycle

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
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await body(RawConnection(inbound: inbound, outbound: outbound))
        }
    }

    /// Sends bytes and returns everything that comes back until the server closes.
    func exchange(_ request: String) async throws -> String {
        try await exchange(Array(request.utf8))
    }

    func exchange(_ request: [UInt8]) async throws -> String {
        try await connect { connection in
            try? await connection.send(request)
            return try await connection.readToEnd()
        }
    }
}

struct RawConnection: Sendable {
    let inbound: NIOAsyncChannelInboundStream<ByteBuffer>
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

    func finish() { outbound.finish() }

    /// Everything until the server closes.
    func readToEnd() async throws -> String { try await read { _ in false } }

    /// Everything until `text` has arrived, or the server closes.
    func read(until text: String) async throws -> String { try await read { $0.contains(text) } }

    /// Only one reader for each connection's life: the stream cannot be iterated twice.
    private func read(_ isDone: (String) -> Bool) async throws -> String {
        var received = ByteBuffer()
        do {
            for try await part in inbound {
                received.writeImmutableBuffer(part)
                if isDone(String(buffer: received)) { break }
            }
        } catch is IOError {
            // A reset also ends the answer.
        }
        return String(buffer: received)
    }
}

/// Fails when `body` takes longer than `limit`.
func within<Result: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            throw TookTooLong(limit: limit)
        }
        defer { group.cancelAll() }
        guard let result = try await group.next() else { throw CancellationError() }
        return result
    }
}

struct TookTooLong: Error {
    let limit: Duration
}
