// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import Glibc
import Testing

@testable import MongoDB

/// A server of a test's own, to be stopped, killed and frozen. Needs the script that starts servers.
final class OwnServer: Sendable {
    /// The script: `servers start|stop|kill|pause|resume mongod DIR [PORT]`.
    static let script: String? = {
        if let path = ProcessInfo.processInfo.environment["TEST_SERVERS"] { return path }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let path = root.appendingPathComponent("scripts/servers").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    static var isThere: Bool { script != nil || ProcessInfo.processInfo.environment["CI"] == "true" }

    let directory: String
    let port: Int

    init() async throws {
        directory = NSTemporaryDirectory() + "mongod-\(UUID().uuidString)"
        port = try Self.freePort()
        try await run("start")
    }

    /// Lends a server, which is killed and removed afterwards.
    static func with(_ body: (OwnServer) async throws -> Void) async throws {
        let server = try await OwnServer()
        do {
            try await body(server)
        } catch {
            await server.remove()
            throw error
        }
        await server.remove()
    }

    var uri: String { "mongodb://127.0.0.1:\(port)/?replicaSet=rs0" }

    func client(_ change: (inout MongoConfiguration) -> Void = { _ in }) throws -> MongoClient {
        var configuration = try MongoConfiguration(uri: uri)
        change(&configuration)
        return try MongoClient(configuration: configuration, logger: TestServer.logger)
    }

    func start() async throws { try await run("start") }
    func stop() async throws { try await run("stop") }
    func kill() async throws { try await run("kill") }
    func pause() async throws { try await run("pause") }
    func resume() async throws { try await run("resume") }

    private func remove() async {
        try? await run("kill")
        try? FileManager.default.removeItem(atPath: directory)
    }

    private func run(_ command: String) async throws {
        let script = try #require(Self.script, "scripts/servers is missing; TEST_SERVERS can name another")
        let arguments = [script, command, "mongod", directory] + (command == "start" ? ["\(port)"] : [])
        let child = try Self.spawn(arguments)
        var status: Int32 = -1
        // Not Foundation's Process: that waits until a descriptor is closed that the server inherits.
        let isDone = await eventually(90) { unsafe waitpid(child, &status, WNOHANG) == child }
        if !isDone { Glibc.kill(child, SIGKILL) }
        try #require(isDone)
        try #require(status == 0, "servers \(command) failed")
    }

    /// Starts a program with its output thrown away.
    private static func spawn(_ arguments: [String]) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for descriptor: Int32 in 0...2 {
            unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        var child: pid_t = 0
        var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe pointers.forEach { unsafe free($0) } }
        let code = unsafe posix_spawn(&child, arguments[0], &actions, nil, &pointers, environ)
        try #require(code == 0, "cannot start \(arguments[0])")
        return child
    }

    /// A port that was free a moment ago.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
            }
        }
        try #require(bound)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
