// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import Logging
import MongoDB
import Synchronization
import TestSupport

/// Three servers of a test's own, of which any may be killed.
final class ReplicaSet: Sendable {
    /// How long the members wait for a silent primary, and how often they ask each other: `docs/clusters.md` says why.
    private static let settings: BSONDocument = [
        "electionTimeoutMillis": 2000, "heartbeatIntervalMillis": 500, "catchUpTimeoutMillis": 500,
    ]

    private let folder: URL
    private let program: String
    private let ports = (0..<3).map { _ in freePort() }
    private let processes = Mutex<[Int: RunningProcess]>([:])
    private let lost = Mutex<RunningProcess?>(nil)

    /// Where clients find it.
    var uri: String { "mongodb://\(ports.map { "127.0.0.1:\($0)" }.joined(separator: ","))/?replicaSet=rs0" }

    private init(folder: URL, program: String) {
        self.folder = folder
        self.program = program
    }

    /// Lends a running set with a primary; kills it afterwards.
    static func with(in folder: URL, _ body: (ReplicaSet) async throws -> Void) async throws {
        let path = try await succeed(packageRoot.appending(path: "scripts/servers").path, ["mongod-path"])
        let set = ReplicaSet(folder: folder, program: path.trimmingCharacters(in: .whitespacesAndNewlines))
        do {
            for port in set.ports { try set.start(port) }
            try await set.initiate()
            try await body(set)
        } catch {
            await set.end()
            throw error
        }
        await set.end()
    }

    /// Starts a member, with the data that it has.
    private func start(_ port: Int) throws {
        let data = folder.appending(path: "mongod-\(port)")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        let log = folder.appending(path: "mongod-\(port).log")
        let process = try RunningProcess(
            program,
            [
                "--replSet", "rs0", "--bind_ip", "127.0.0.1", "--port", "\(port)", "--dbpath", data.path,
                "--nounixsocket", "--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "64", "--setParameter",
                "diagnosticDataCollectionEnabled=false", "--setParameter", "transactionLifetimeLimitSeconds=5",
                "--setParameter", "oplogNetworkTimeoutBufferSeconds=1", "--setParameter",
                "oplogFetcherSteadyStateMaxFetcherRestarts=0", "--quiet",
            ], environment: [:], output: log, errors: log)
        processes.withLock { $0[port] = process }
    }

    /// How a member is lost.
    enum Loss: String, CaseIterable {
        /// Its host says at once that nobody listens any more.
        case killed
        /// Nobody says anything, as when its host has lost power.
        case frozen
    }

    /// Loses the primary.
    ///
    /// - Returns: brings it back, with the data that it had.
    func losePrimary(_ loss: Loss) async throws -> @Sendable () async throws -> Void {
        let port = try await primary()
        let process = processes.withLock { $0.removeValue(forKey: port) }
        lost.withLock { $0 = process }
        switch loss {
        case .killed: try await process?.killAtOnce()
        case .frozen: process?.signal(SIGSTOP)
        }
        return {
            try await process?.killAtOnce()
            try self.start(port)
            try await self.waitForSecondary(port)
        }
    }

    /// Waits until a member is primary. - Returns: its port.
    @discardableResult
    func primary(within limit: Duration = .seconds(60)) async throws -> Int {
        let found = Mutex<Int?>(nil)
        try await eventually("a primary", within: limit) {
            for port in processes.withLock({ Array($0.keys) }) {
                if try await hello(port)?["isWritablePrimary"] == .bool(true) { found.withLock { $0 = port } }
            }
            return found.withLock { $0 != nil }
        }
        return found.withLock { $0 ?? 0 }
    }

    /// Waits until a member follows the primary.
    private func waitForSecondary(_ port: Int) async throws {
        try await eventually("a secondary", within: .seconds(60)) {
            try await hello(port)?["secondary"] == .bool(true)
        }
    }

    private func hello(_ port: Int) async throws -> BSONDocument? {
        try await run(["hello": 1], on: port)
    }

    private func initiate() async throws {
        let members = ports.enumerated().map { index, port in
            BSONValue.document(["_id": .int(index), "host": .string("127.0.0.1:\(port)")])
        }
        try await eventually("initiated", within: .seconds(60), every: .milliseconds(200)) {
            try await run(
                [
                    "replSetInitiate": [
                        "_id": "rs0", "members": .array(BSONArray(members)),
                        "settings": .document(Self.settings),
                    ]
                ], on: ports[0]) != nil
        }
        try await primary()
    }

    /// What one member answers; `nil` when it does not, or refuses.
    private func run(_ command: BSONDocument, on port: Int) async throws -> BSONDocument? {
        let client = try MongoClient(
            configuration: MongoConfiguration(
                uri: "mongodb://127.0.0.1:\(port)/?directConnection=true&serverSelectionTimeoutMS=500"),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let reply = try? await client.database("admin").runCommand(command)
        await client.close(within: .zero)
        return reply
    }

    private func end() async {
        try? await lost.withLock { $0 }?.killAtOnce()
        for process in processes.withLock({ Array($0.values) }) { try? await process.killAtOnce() }
    }
}
