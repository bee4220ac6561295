// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import MongoDB
import TestSupport
import Testing

/// A server of a test's own, to be stopped, killed and frozen.
struct OwnServer: Sendable {
    /// Fault tests run where the plain integration tests run.
    static var isThere: Bool { TestServer.isThere }

    private let server: TestSupport.TestServer
    private let folder: URL

    /// Lends a running server, which is killed and removed afterwards.
    ///
    /// - Parameter settings: the server's, in the format of `mongod.conf`.
    static func with(settings: String? = nil, _ body: (OwnServer) async throws -> Void) async throws {
        let own = try OwnServer()
        try settings.map {
            try $0.write(to: own.folder.appending(path: "mongod.conf"), atomically: true, encoding: .utf8)
        }
        do {
            try await own.start()
            if settings != nil { try await own.makeReplicaSet() }
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

    /// Whoever brings settings of their own has to do it.
    private func makeReplicaSet() async throws {
        let configuration = try MongoConfiguration(uri: "mongodb://127.0.0.1:\(port)/?directConnection=true")
        let client = try MongoClient(configuration: configuration, logger: TestServer.logger)
        let members: BSONValue = [["_id": 0, "host": .string("127.0.0.1:\(port)")]]
        _ = try await client.database("admin").runCommand([
            "replSetInitiate": ["_id": "rs0", "members": members]
        ])
        await client.close(within: .zero)
        let other = try self.client()
        let isPrimary = await eventually { await failure { () throws(MongoError) in try await other.ping() } == nil }
        await other.close(within: .zero)
        #expect(isPrimary)
    }

    private func remove() async {
        try? await server.kill()
        try? FileManager.default.removeItem(at: folder)
    }
}
