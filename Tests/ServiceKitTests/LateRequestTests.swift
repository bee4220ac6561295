// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPTypesHTTP1
import TestSupport
import Testing

@testable import ServiceKit

/// A connection's handlers alone, at the moment at which a request's time is over and nobody has told the client yet.
@Suite("A hot request whose time has run out", .timeLimit(.minutes(1)))
struct LateRequestTests {
    private static let request =
        "POST /people HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

    /// A connection on which a request began some time ago, with a second to arrive in. Hummingbird's handlers are not
    /// there: no answer is written to what the guard reports.
    private func channel(begun past: TimeAmount, entered: Counter) async throws -> NIOAsyncTestingChannel {
        let metrics = HTTPMetrics(factory: PrometheusMetrics())
        let route = HotRoute.post("/people", bodyLimit: 64) { _ in
            entered.add()
            return .task { HotAnswer(.accepted, fields: [], body: ByteBuffer()) }
        }
        let shared = HotShared(
            route: route, metrics: metrics, date: DateField(), admission: nil, problems: ProblemTranslator(),
            logger: Logger(label: "test"))
        let channel = try await NIOAsyncTestingChannel { channel in
            var configuration = HTTPConfiguration(port: 0)
            configuration.receiveTimeout = .seconds(1)
            let guardian = ConnectionGuard(
                configuration: configuration, metrics: metrics,
                connections: ConnectionLimit(limit: 1, factory: PrometheusMetrics()),
                date: DateField())
            let pipeline = channel.pipeline.syncOperations
            try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false, withErrorHandling: false)
            try pipeline.addHandler(HotRequestHandler(routes: [route], shared: [shared], guardian: guardian))
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            try pipeline.addHandler(guardian)
        }
        try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
        try await channel.writeInbound(ByteBuffer(string: String(Self.request.prefix(24))))
        await channel.testingEventLoop.advanceTime(by: past)
        return channel
    }

    @Test("is not begun")
    func late() async throws {
        let entered = Counter()
        let channel = try await channel(begun: .seconds(1), entered: entered)
        // What the guard has reported comes out here.
        await #expect(throws: HTTPParserError.self) {
            try await channel.writeInbound(ByteBuffer(string: String(Self.request.dropFirst(24)) + Self.request))
        }
        #expect(entered.value == 0)
        _ = try? await channel.finish()
    }

    @Test("is begun if there was time left")
    func timely() async throws {
        let entered = Counter()
        let channel = try await channel(begun: .milliseconds(900), entered: entered)
        try await channel.writeInbound(ByteBuffer(string: String(Self.request.dropFirst(24))))
        let answer = try await channel.waitForOutboundWrite(as: ByteBuffer.self)
        #expect(String(buffer: answer).hasPrefix("HTTP/1.1 202 "))
        #expect(entered.value == 1)
        _ = try? await channel.finish()
    }
}
