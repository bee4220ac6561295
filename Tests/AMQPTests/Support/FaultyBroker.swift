// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A broker of a test's own, to be stopped, killed and frozen. Driven by `scripts/servers`, or by the program that
/// `TEST_SERVERS` names.
final class FaultyBroker: Sendable {
    let directory: URL
    let port: UInt16

    private static let script =
        ProcessInfo.processInfo.environment["TEST_SERVERS"]
        ?? URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../scripts/servers").standardized
        .path()

    /// Fault tests need a broker and the script to start it, so they run where the plain integration tests run.
    static let isThere = TestBroker.isThere && (TestBroker.isCI || FileManager.default.isExecutableFile(atPath: script))

    private init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "amqp-\(UUID().uuidString.prefix(8))")
        port = try freePort()
    }

    static func running<Value: Sendable>(_ body: (FaultyBroker) async throws -> Value) async throws -> Value {
        let broker = try FaultyBroker()
        do {
            try await broker.start()
            let value = try await body(broker)
            try await broker.remove()
            return value
        } catch {
            // The test has failed already: what it failed of is what counts.
            try? await broker.remove()
            throw error
        }
    }

    /// Short times, so that the tests are.
    var configuration: AMQPConfiguration {
        var configuration = AMQPConfiguration(host: "127.0.0.1", port: port)
        configuration.heartbeat = .seconds(1)
        configuration.connectTimeout = .seconds(2)
        configuration.rpcTimeout = .seconds(2)
        configuration.publishTimeout = .seconds(2)
        configuration.reconnectMaximum = .milliseconds(500)
        return configuration
    }

    func start() async throws { try await servers("start", "rabbitmq", directory.path(), "\(port)") }
    func stop() async throws { try await servers("stop", "rabbitmq", directory.path()) }
    func kill() async throws { try await servers("kill", "rabbitmq", directory.path()) }
    func pause() async throws { try await servers("pause", "rabbitmq", directory.path()) }
    func resume() async throws { try await servers("resume", "rabbitmq", directory.path()) }
    func control(_ arguments: String...) async throws {
        try await servers(["rabbitmqctl", directory.path()] + arguments)
    }

    private func remove() async throws {
        // A frozen broker cannot end in order.
        try? await resume()
        try? await stop()
        try FileManager.default.removeItem(at: directory)
    }

    private func servers(_ arguments: String...) async throws { try await servers(arguments) }

    private func servers(_ arguments: [String]) async throws {
        let output = FileManager.default.temporaryDirectory.appending(path: "servers-\(UUID().uuidString).log")
        defer { try? FileManager.default.removeItem(at: output) }
        let status = await withCheckedContinuation { (continuation: CheckedContinuation<CInt, Never>) in
            Thread.detachNewThread { continuation.resume(returning: run([Self.script] + arguments, output.path())) }
        }
        guard status == 0 else {
            throw ServersError(arguments: arguments, output: (try? String(contentsOf: output, encoding: .utf8)) ?? "")
        }
    }
}

/// Runs a program and waits for its end; returns its status. `Foundation.Process` would also wait for the server that
/// it leaves behind, which inherits the socket that `Process` watches.
private func run(_ arguments: [String], _ output: String) -> CInt {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
    let strings = unsafe arguments.map { unsafe strdup($0) }
    defer { for index in unsafe strings.indices { unsafe free(strings[index]) } }
    var process = pid_t()
    let spawned = unsafe posix_spawn(&process, arguments[0], &actions, nil, strings + [nil], environ)
    guard spawned == 0 else { return spawned }
    var status: CInt = 0
    while unsafe waitpid(process, &status, 0) < 0 { guard errno == EINTR else { return errno } }
    return status
}

struct ServersError: Error, CustomStringConvertible {
    let arguments: [String]
    let output: String
    var description: String { "servers \(arguments.joined(separator: " ")): \(output)" }
}
