// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import HTTPTestSupport
import Hummingbird
import Logging
import ServiceKit
import ServiceLifecycle
import TestSupport

@testable import CommandAPI

/// The command API with its real HTTP server, over a broker in memory.
struct LiveCommandAPI: Sendable {
    let port: Int
    let broker: InMemoryBroker

    /// Serves while `body` runs.
    ///
    /// - Parameter settings: environment variables beside the defaults of these tests.
    static func run(
        settings: [String: String] = [:], _ body: @Sendable @escaping (LiveCommandAPI) async throws -> Void
    ) async throws {
        let api = LiveCommandAPI(port: freePort(), broker: InMemoryBroker())
        let reader = try ServiceSettings.read(
            environment: [
                "HTTP_PORT": "\(api.port)", "HTTP_RECEIVE_TIMEOUT_MS": "1500", "HTTP_IDLE_TIMEOUT_MS": "3000",
                "AMQP_URL": "amqp://unused:unused@127.0.0.1:1", "QUERY_API_URL": "http://query.example.org/",
            ].merging(settings) { $1 })
        let application = buildApplication(
            try CommandAPIConfiguration(reader: reader), publisher: api.broker, health: Health([]),
            telemetry: Telemetry(metrics: PrometheusMetrics()))
        let group = ServiceGroup(
            configuration: .init(
                services: [application], logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await eventually("listening") { (try? await HTTP.get("\(api.url)/live"))?.status == 200 }
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

    var url: String { "http://127.0.0.1:\(port)" }

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
