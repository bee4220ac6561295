// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Foundation
import HTTPTestSupport
import Hummingbird
import Logging
import NIOCore
import ServiceKit
import ServiceLifecycle
import TestSupport
import Testing

@testable import CommandAPI

/// The command API with its real HTTP server and relay, over an event store and a broker in memory.
struct LiveCommandAPI: Sendable {
    let port: Int
    let store: TestEventStore
    let broker: InMemoryBroker
    let group: ServiceGroup

    /// Serves while `body` runs.
    ///
    /// - Parameters:
    ///   - settings: environment variables beside the defaults of these tests.
    ///   - store: where events are kept.
    ///   - admission: decides which requests are let in.
    ///   - relays: whether there is a relay; without one nothing is accepted.
    static func run(
        settings: [String: String] = [:], store: TestEventStore = TestEventStore(), relays: Bool = true,
        admission: Admission? = nil,
        _ body: @Sendable @escaping (LiveCommandAPI) async throws -> Void
    ) async throws {
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let reader = try ServiceSettings.read(
            environment: [
                "HTTP_PORT": "0", "HTTP_RECEIVE_TIMEOUT_MS": "1500", "HTTP_IDLE_TIMEOUT_MS": "10000",
                "AMQP_URL": "amqp://unused:unused@127.0.0.1:1", "MONGODB_URI": "mongodb://127.0.0.1:1",
                "QUERY_API_URL": "http://query.example.org/",
            ].merging(settings) { $1 })
        let configuration = try CommandAPIConfiguration(reader: reader)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        var relaySettings = configuration.relay
        // What a test has left in doubt need not be waited for.
        relaySettings.drainTimeout = .milliseconds(100)
        let outbox = Outbox(store: store, settings: relaySettings)
        let application = buildApplication(
            configuration, store: store, outbox: outbox,
            health: Health([ReadinessCheck("outbox") { relays ? outbox.readiness : .ready }]),
            telemetry: Telemetry(metrics: PrometheusMetrics()), admission: admission,
            onListening: { listening.yield($0) })
        let broker = InMemoryBroker()
        let relay = Relay(store: store, outbox: outbox, publisher: broker, settings: relaySettings, logger: logger)
        let group = ServiceGroup(
            configuration: .init(services: relays ? [relay, application] : [application], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { listening.finish() }
                try await group.run()
            }
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else { return try await tasks.waitForAll() }
            let api = LiveCommandAPI(port: port, store: store, broker: broker, group: group)
            try await eventually("ready") { (try? await HTTP.get("\(api.url)/ready"))?.status == 200 }
            do {
                try await body(api)
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    private init(port: Int, store: TestEventStore, broker: InMemoryBroker, group: ServiceGroup) {
        self.port = port
        self.store = store
        self.broker = broker
        self.group = group
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// Registers a user.
    func register(
        _ email: String, name: String = "Ada", headers: [(String, String)] = []
    ) async throws -> HTTPAnswer {
        try await HTTP.post("\(url)/users", json: #"{"name":"\#(name)","email":"\#(email)"}"#, headers: headers)
    }

    /// Registers a user who must be accepted.
    @discardableResult
    func registered(_ email: String, name: String = "Ada") async throws -> Outcome {
        try Outcome(try await register(email, name: name))
    }

    /// Changes a user.
    func patch(_ email: String, _ json: String, headers: [(String, String)] = []) async throws -> HTTPAnswer {
        try await HTTP.send("PATCH", "\(url)/users/\(email)", json: json, headers: headers)
    }

    /// Deletes a user.
    func delete(_ email: String, headers: [(String, String)] = []) async throws -> HTTPAnswer {
        try await HTTP.send("DELETE", "\(url)/users/\(email)", headers: headers)
    }

    /// Imports lines, with a body that is there at once.
    ///
    /// - Parameter path: where what is imported belongs.
    func importing(
        _ lines: String, to path: String = "users", headers: [(String, String)] = []
    ) async throws -> [ImportResult] {
        let answer = try await HTTP.send(
            "POST", "\(url)/\(path)/import", json: lines, type: "application/x-ndjson", headers: headers)
        #expect(answer.status == 200, "\(answer.body)")
        #expect(answer.header("content-type") == "application/x-ndjson")
        #expect(answer.body.isEmpty || answer.body.hasSuffix("\n"))
        return try answer.body.split(separator: "\n").map { try ImportResult($0) }
    }

    /// Begins an import whose body is still to come.
    func importing<Body: AsyncSequence & Sendable>(streaming body: Body) async throws -> StreamedAnswer
    where Body.Element == ByteBuffer {
        try await HTTP.stream(
            "POST", "\(url)/users/import", headers: [("Content-Type", "application/x-ndjson")], body: body)
    }

    /// Sends bytes on a connection of their own.
    func exchange(_ request: BadRequest) async throws -> RawAnswer {
        try await within(.seconds(20), "an answer to: \(request)") {
            RawAnswer(
                try await RawConnection.open(port: port) { connection in
                    for part in request.parts { try? await connection.send(part) }
                    return try await connection.readToEnd()
                })
        }
    }
}

/// What an accepted command says.
struct Outcome: Decodable, Equatable {
    let id: String
    let email: String
    let version: Int
    let eventId: String?

    init(_ answer: HTTPAnswer) throws {
        self = try JSONDecoder().decode(Outcome.self, from: Data(answer.body.utf8))
    }
}

/// One line of an import's answer.
struct ImportResult: Decodable, Equatable {
    struct Problem: Decodable, Equatable {
        let type: String
        let status: Int
        let detail: String?
        let line: Int?
    }

    let line: Int
    let status: Int
    let id: String?
    let email: String?
    let sku: String?
    let version: Int?
    let eventId: String?
    let problem: Problem?

    init(_ line: some StringProtocol) throws {
        self = try JSONDecoder().decode(ImportResult.self, from: Data(line.utf8))
    }
}

extension HTTPAnswer {
    /// The problem's type, if the body is a problem.
    var problemType: String? { body.firstMatch(of: /^{"type":"([^"]*)"/).map { String($0.1) } }
}

/// An answer as it came over the wire.
struct RawAnswer {
    let status: Int?
    let problemType: String?
    let text: String

    init(_ text: String) {
        self.text = text
        status = text.split(separator: " ").dropFirst().first.flatMap { Int($0.prefix(3)) }
        problemType = text.firstMatch(of: /"type":"([^"]*)"/).map { String($0.1) }
    }
}
