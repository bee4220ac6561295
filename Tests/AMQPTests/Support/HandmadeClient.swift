// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import TestSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Publishes one message byte by byte, for what no client library would send.
enum HandmadeClient {
    /// Publishes a message to a queue whose only header is a table in a table in a table …
    ///
    /// - Parameter depth: the number of tables.
    static func publish(toQueue queue: String, headerDepth depth: Int, port: UInt16) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread {
                continuation.resume(with: Result { try publish(queue, depth, port) })
            }
        }
    }

    private static func publish(_ queue: String, _ depth: Int, _ port: UInt16) throws {
        let connection = try Connection(port: port)
        try connection.send(Array("AMQP".utf8) + [0, 0, 9, 1])
        try connection.await(10, 10)
        let login = [0] + Array("guest".utf8) + [0] + Array("guest".utf8)
        try connection.method(0, 10, 11, [0, 0, 0, 0] + short("PLAIN") + long(login) + short("en_US"))
        try connection.await(10, 30)
        try connection.method(0, 10, 31, [7, 255] + integer(131_072) + [0, 0])
        try connection.method(0, 10, 40, short("/") + [0, 0])
        try connection.await(10, 41)
        try connection.method(1, 20, 10, [0])
        try connection.await(20, 11)
        try connection.method(1, 85, 10, [0])
        try connection.await(85, 11)
        try connection.method(1, 60, 40, [0, 0] + short("") + short(queue) + [0])
        // Built from the inside, as a list of parts: each table stands in the one before it.
        var size = 0
        var prefixes: [[UInt8]] = []
        for level in 0..<depth {
            prefixes.append(integer(size))
            if level < depth - 1 { prefixes.append(short("t") + [UInt8(ascii: "F")]) }
            size += 4 + 3
        }
        let headers = Array(prefixes.reversed().joined())
        let properties: [UInt8] = [0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + [0x20, 0] + headers
        try connection.frame(2, 1, properties)
        try connection.await(60, 80)
    }

    private static func integer(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func short(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }

    private static func long(_ bytes: [UInt8]) -> [UInt8] { integer(bytes.count) + bytes }

    private struct Unexpected: Error {
        let frame: [UInt8]
    }

    private final class Connection {
        private let descriptor: CInt

        init(port: UInt16) throws { descriptor = try connect(to: port) }

        deinit { _ = close(descriptor) }

        func send(_ bytes: [UInt8]) throws {
            var rest = bytes[...]
            while !rest.isEmpty {
                let sent = unsafe rest.withUnsafeBytes {
                    unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
                }
                guard sent > 0 else { throw POSIXError(.EPIPE) }
                rest = rest.dropFirst(sent)
            }
        }

        func frame(_ type: UInt8, _ channel: UInt8, _ payload: [UInt8]) throws {
            try send([type, 0, channel] + integer(payload.count) + payload + [0xCE])
        }

        func method(_ channel: UInt8, _ classID: UInt8, _ methodID: UInt8, _ arguments: [UInt8]) throws {
            try frame(1, channel, [0, classID, 0, methodID] + arguments)
        }

        func await(_ classID: UInt8, _ methodID: UInt8) throws {
            let header = try receive(7)
            let size = header[3...].reduce(0) { $0 << 8 | Int($1) }
            let payload = try receive(size + 1)
            guard header[0] == 1, payload.starts(with: [0, classID, 0, methodID]) else {
                throw Unexpected(frame: payload)
            }
        }

        private func receive(_ count: Int) throws -> [UInt8] {
            var bytes: [UInt8] = []
            while bytes.count < count {
                var piece = [UInt8](repeating: 0, count: count - bytes.count)
                let received = unsafe recv(descriptor, &piece, piece.count, 0)
                guard received > 0 else { throw POSIXError(.ECONNRESET) }
                bytes += piece.prefix(received)
            }
            return bytes
        }
    }
}
