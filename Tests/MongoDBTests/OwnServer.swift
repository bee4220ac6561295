// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import MongoDB
import TestSupport

/// A server of a test's own, to be stopped, killed and frozen.
struct OwnServer: Sendable {
    /// Fault tests run where the plain integration tests run.
    static var isThere: Bool { TestServer.isThere }

    private let server: TestSupport.TestServer
    private let folder: URL

    /// Lends a running server, which is killed and removed afterwards.
    static func with(_ body: (OwnServer) async throws -> Void) async throws {
        let own = try OwnServer()
        do {
            try await own.start()
            try await body(own)
        } catch {
            await own.remove()
            throw error
        }
        await own.remove()
    }

    private init() throws {
        folder = try TestEnvironment.makeFolder("mongodb")
        server = TestSupport.TestServer(.mongod, in: folder)
    }

    var port: Int { server.port }
    var uri: String { "mongodb://127.0.0.1:\(port)/?replicaSet=rs0" }

    func client(_ change: (inout MongoConfiguration) -> Void = { _ in }) throws -> MongoClient {
        var configuration = try MongoConfiguration(uri: uri)
        change(&configuration)
        return try MongoClient(configuration: configuration, logger: TestServer.logger)
    }

    func start() async throws { try await server.start() }
    func stop() async throws { try await server.stop() }
    func kill() async throws { try await server.kill() }
    func pause() async throws { try await server.pause() }
    func resume() async throws { try await server.resume() }

    private func remove() async {
        try? await server.kill()
        try? FileManager.default.removeItem(at: folder)
    }
}
