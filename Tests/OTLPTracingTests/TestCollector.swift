// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization
import TestSupport

/// A collector that answers as it was told, one request after the other, and then that all is well.
final class TestCollector: Sendable {
    struct Answer: Sendable {
        var status = HTTPResponse.Status.ok
        var headers: HTTPFields = [:]
        var body: [UInt8] = []
        /// What it waits for.
        var gate: Gate?
    }

    struct Received: Sendable {
        let headers: HTTPFields
        let body: [UInt8]
    }

    private let answers: Mutex<[Answer]>
    private let received = Collected<Received>()

    private init(_ answers: [Answer]) { self.answers = Mutex(answers) }

    /// What has come so far.
    var requests: [Received] { received.all }

    /// Runs one for the time of a body, which gets the address of its traces.
    static func run<Result: Sendable>(
        _ answers: Answer..., body: @escaping @Sendable (TestCollector, String) async throws -> Result
    ) async throws -> Result {
        let collector = TestCollector(answers)
        let router = Router()
        router.post("/v1/traces") { request, _ in try await collector.answer(request) }
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) }, logger: quietLogger)
        return try await withThrowingTaskGroup(of: Result?.self) { tasks in
            tasks.addTask {
                try await application.run()
                return nil
            }
            tasks.addTask {
                for await port in ports { return try await body(collector, "http://127.0.0.1:\(port)/v1/traces") }
                return nil
            }
            defer { tasks.cancelAll() }
            for try await case let result? in tasks { return result }
            throw CancellationError()
        }
    }

    private func answer(_ request: Request) async throws -> Response {
        let body = try await request.body.collect(upTo: 1 << 20)
        received.add(Received(headers: request.headers, body: Array(body.readableBytesView)))
        let answer = answers.withLock { $0.isEmpty ? Answer() : $0.removeFirst() }
        await answer.gate?.pass()
        return Response(
            status: answer.status, headers: answer.headers, body: .init(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}
