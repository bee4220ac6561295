// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import Foundation
import Synchronization

/// A broker of a test's own, to be stopped, killed and frozen. Driven by `scripts/servers`, or by the program that `TEST_SERVERS` names.
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
        let process = Process()
        process.executableURL = URL(filePath: Self.script)
        process.arguments = arguments
        let output = FileManager.default.temporaryDirectory.appending(path: "servers-\(UUID().uuidString).log")
        _ = FileManager.default.createFile(atPath: output.path(), contents: nil)
        defer { try? FileManager.default.removeItem(at: output) }
        let handle = try FileHandle(forWritingTo: output)
        process.standardOutput = handle
        process.standardError = handle
        let status: Int32 = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        guard status == 0 else {
            throw ServersError(arguments: arguments, output: (try? String(contentsOf: output, encoding: .utf8)) ?? "")
        }
    }
}

struct ServersError: Error, CustomStringConvertible {
    let arguments: [String]
    let output: String
    var description: String { "servers \(arguments.joined(separator: " ")): \(output)" }
}
