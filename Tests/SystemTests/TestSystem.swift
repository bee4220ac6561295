// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import TestSupport

/// The whole system for one test: a broker, a database and the services as real processes, all its own.
struct TestSystem: Sendable {
    let broker: TestServer
    let database: TestServer
    /// All instances of the command API.
    let commandAPIs: [TestService]
    let queryAPI: TestService
    /// All consumers.
    let consumers: [TestService]
    private let folder: URL

    /// The first instance of the command API, the only one in most tests.
    var commandAPI: TestService { commandAPIs[0] }

    /// The first consumer, the only one in most tests.
    var consumer: TestService { consumers[0] }

    /// Every service.
    var services: [TestService] { commandAPIs + consumers + [queryAPI] }

    /// - Parameter wires: what the services connect to instead of the broker and the database themselves.
    private init(
        _ servers: ServersOfASystem, commandAPIs count: Int, consumers consumerCount: Int, settings: [String: String],
        common: [String: String], wires: (TestServer, TestServer) throws -> (broker: Int, database: Int)
    ) throws {
        folder = servers.folder
        let (broker, database) = (servers.broker, servers.database)
        let ports = try wires(broker, database)
        let shared = ["MONGODB_URI": "mongodb://127.0.0.1:\(ports.database)/?directConnection=true"]
            .merging(common) { $1 }
        func amqp(_ user: String) -> [String: String] {
            ["AMQP_URL": "amqp://\(user):\(user)@127.0.0.1:\(ports.broker)/%2F"]
        }
        self.broker = broker
        self.database = database
        let queryAPI = TestService(
            "query-api", environment: amqp("query-api").merging(shared) { $1 }, logs: folder)
        self.queryAPI = queryAPI
        let folder = folder
        commandAPIs = (1...count).map { number in
            TestService(
                "command-api", name: number == 1 ? "command-api" : "command-api-\(number)",
                // A crash's checkpoint need not stay for a minute: here no append takes that long.
                environment: ["QUERY_API_URL": queryAPI.url, "RELAY_SETTLE_MS": "15000"]
                    .merging(amqp("command-api")) { $1 }.merging(shared) { $1 }.merging(settings) { $1 },
                logs: folder)
        }
        consumers = (1...consumerCount).map { number in
            TestService(
                "consumer", name: number == 1 ? "consumer" : "consumer-\(number)",
                environment: amqp("consumer").merging(shared) { $1 }, logs: folder)
        }
    }

    /// Starts everything, runs a body, stops everything whatever happens.
    ///
    /// - Parameters:
    ///   - commandAPIs: how many instances of the command API.
    ///   - consumers: how many consumers.
    ///   - settings: environment variables for the command APIs.
    ///   - common: those for all services.
    ///   - wires: the ports that the services connect to, where these are not the broker's and the database's own.
    static func run(
        commandAPIs: Int = 1, consumers: Int = 1, settings: [String: String] = [:],
        common: [String: String] = [:],
        wires: (TestServer, TestServer) throws -> (broker: Int, database: Int) = { ($0.port, $1.port) },
        _ body: @Sendable (TestSystem, Services) async throws -> Void
    ) async throws {
        let system = try TestSystem(
            await SpareServers.shared.take(), commandAPIs: commandAPIs, consumers: consumers, settings: settings,
            common: common,
            wires: wires)
        let services = Services(system: system)
        do {
            try await services.startAll()
            try await body(system, services)
            await services.stopAll()
        } catch {
            await services.stopAll()
            // What the services logged says more than where the test gave up.
            for service in system.services {
                print("--- \(service.name)\n\(service.logText.suffix(4000))")
            }
            try? await system.broker.stop()
            try? await system.database.stop()
            throw error
        }
        // Nobody needs what they have any more. What a test has stopped itself is no longer there to be killed.
        try? await system.broker.kill()
        try? await system.database.kill()
        try FileManager.default.removeItem(at: system.folder)
    }

    // MARK: What a user of the system does

    /// Registers a user.
    func post(name: String = "Ada Lovelace", email: String) async throws -> HTTPAnswer {
        try await HTTP.post("\(commandAPI.url)/users", json: #"{"name":"\#(name)","email":"\#(email)"}"#)
    }

    /// Looks a user up.
    func get(_ email: String) async throws -> HTTPAnswer {
        try await HTTP.get("\(queryAPI.url)/users/\(email)")
    }

    /// Waits until a user is there.
    func waitForUser(_ email: String, within limit: Duration = .seconds(30)) async throws {
        try await eventually("user readable", within: limit) { try await get(email).status == 200 }
    }

    /// Registers many users over some connections, repeating what was refused with 503, and returns the identifiers
    /// of all that were accepted.
    func postAll(_ emails: [String], connections: Int = 32) async throws -> PostResult {
        let queue = WorkQueue(emails)
        return try await withThrowingTaskGroup(of: PostResult.self) { group in
            for _ in 0..<connections {
                group.addTask {
                    var result = PostResult()
                    while let email = queue.next() {
                        // No answer at all, or 503: not accepted as far as the client knows.
                        guard let answer = try? await post(email: email) else {
                            result.unanswered.append(email)
                            continue
                        }
                        switch answer.status {
                        case 202: result.accepted.append(email)
                        case 503: result.refused.append(email)
                        default: throw UnexpectedAnswer(answer)
                        }
                    }
                    return result
                }
            }
            return try await group.reduce(into: PostResult()) { $0.add($1) }
        }
    }

    /// How many of the addresses are readable.
    func countReadable(_ emails: [String], connections: Int = 32) async throws -> Int {
        let queue = WorkQueue(emails)
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<connections {
                group.addTask {
                    var count = 0
                    while let email = queue.next() {
                        if try await get(email).status == 200 { count += 1 }
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
    }
}

/// What came of many registrations.
struct PostResult: Sendable {
    var accepted: [String] = []
    var refused: [String] = []
    var unanswered: [String] = []

    mutating func add(_ other: PostResult) {
        accepted += other.accepted
        refused += other.refused
        unanswered += other.unanswered
    }
}

/// An answer that no test expected.
struct UnexpectedAnswer: Error, CustomStringConvertible {
    let description: String

    init(_ answer: HTTPAnswer) { description = "\(answer.status): \(answer.body)" }
}
