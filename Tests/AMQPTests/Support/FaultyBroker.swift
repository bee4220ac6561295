// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import Foundation
import TestSupport

/// A broker of a test's own, to be stopped, killed and frozen.
struct FaultyBroker: Sendable {
    /// Fault tests run where the plain integration tests run.
    static var isThere: Bool { TestBroker.isThere }

    private let server: TestServer
    private let folder: URL

    private init() throws {
        folder = try TestEnvironment.makeFolder("amqp")
        server = TestServer(.rabbitmq, in: folder)
    }

    /// Lends a running broker, which is killed and removed afterwards.
    static func running<Value: Sendable>(_ body: (FaultyBroker) async throws -> Value) async throws -> Value {
        let broker = try FaultyBroker()
        do {
            try await broker.start()
            let value = try await body(broker)
            await broker.remove()
            return value
        } catch {
            await broker.remove()
            throw error
        }
    }

    var port: UInt16 { UInt16(server.port) }

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

    func start() async throws { try await server.start() }
    func stop() async throws { try await server.stop() }
    func kill() async throws { try await server.kill() }
    func pause() async throws { try await server.pause() }
    func resume() async throws { try await server.resume() }
    func control(_ arguments: String...) async throws { try await server.rabbitmqctl(arguments) }

    private func remove() async {
        try? await server.kill()
        try? FileManager.default.removeItem(at: folder)
    }
}
