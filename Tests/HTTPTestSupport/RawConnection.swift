// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import NIOCore
import NIOPosix

/// A TCP connection for sending bytes that no HTTP client would send.
public struct RawConnection: Sendable {
    private let inbound: NIOAsyncChannelInboundStream<ByteBuffer>
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    /// Connects to a port of 127.0.0.1, and hands over a connection that is closed at the end.
    ///
    /// - Parameter receiveBuffer: how many bytes the kernel keeps that nobody has read, if not as many as usual.
    public static func open<Result: Sendable>(
        port: Int, receiveBuffer: Int? = nil, _ body: @Sendable (RawConnection) async throws -> Result
    ) async throws -> Result {
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(receiveBuffer))
        }
        let channel =
            try await bootstrap
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

    /// Sends bytes on a connection of their own and returns everything that comes back until the server closes.
    public static func exchange(port: Int, _ request: [UInt8]) async throws -> String {
        try await open(port: port) { connection in
            // A server that has answered already may refuse the rest.
            try? await connection.send(request)
            return try await connection.readToEnd()
        }
    }

    /// Sends text as UTF-8.
    public func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    /// Sends bytes.
    public func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

    /// Says that nothing more will be sent.
    public func finish() { outbound.finish() }

    /// Everything until the server closes.
    ///
    /// - Parameter onAnswer: called once the first bytes are here.
    public func readToEnd(onAnswer: () async throws -> Void = {}) async throws -> String {
        var hasAnswer = false
        return try await read { _ in
            if !hasAnswer {
                hasAnswer = true
                try await onAnswer()
            }
            return false
        }
    }

    /// Everything until the server closes.
    ///
    /// - Parameter action: called once `text` has arrived.
    public func readToEnd(when text: String, _ action: () async throws -> Void) async throws -> String {
        var hasActed = false
        return try await read { received in
            if !hasActed, received.contains(text) {
                hasActed = true
                try await action()
            }
            return false
        }
    }

    /// Everything until `text` has arrived, or the server closes.
    public func read(until text: String) async throws -> String { try await read { $0.contains(text) } }

    /// One answer whose head says how long it is.
    public func readAnswer() async throws -> String {
        try await read { received in
            let parts = received.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return false }
            let length = parts[0].lowercased().split(separator: "content-length: ").dropFirst().first?
                .prefix { $0.isNumber }
            return parts[1].utf8.count >= length.flatMap { Int($0) } ?? 0
        }
    }

    /// Only one reader for each connection's life: the stream cannot be iterated twice.
    private func read(_ isDone: (String) async throws -> Bool) async throws -> String {
        var received = ByteBuffer()
        do {
            for try await part in inbound {
                received.writeImmutableBuffer(part)
                if try await isDone(String(buffer: received)) { break }
            }
        } catch is IOError {
            // A reset also ends the answer.
        }
        return String(buffer: received)
    }
}
