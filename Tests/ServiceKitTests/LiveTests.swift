// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import HTTPTestSupport
import Hummingbird
import NIOCore
import NIOPosix
import ServiceLifecycle
import TestSupport
import Testing

@testable import ServiceKit

/// Real sockets: what the router never sees.
@Suite("Live server", .timeLimit(.minutes(2)))
struct LiveTests {
    private let good = "GET /live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    private func expectProblem(_ answer: String, _ status: Int, _ type: String) {
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
        #expect(answer.lowercased().contains("content-type: application/problem+json"), "\(answer)")
        #expect(answer.contains(#""type":"\#(type)""#), "\(answer)")
        #expect(answer.lowercased().contains("connection: close"), "\(answer)")
    }

    private func expectAlive(_ live: Live) async throws {
        let good = good
        let answer = try await within(.seconds(5)) { try await live.exchange(good) }
        #expect(answer.hasPrefix("HTTP/1.1 200 "), "\(answer)")
    }

    @Test(
        "what is no HTTP is a problem with 400, and the service goes on",
        arguments: [
            "nonsense\r\n\r\n", "GET\r\n\r\n", "GET /live HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n",
            "GET /live HTTP/1.1\r\nbad header: x\r\n\r\n", "GET /live HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n",
            "POST /people HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
            "POST /people HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        ])
    func malformed(_ request: String) async throws {
        try await withLiveService(TestService()) { live in
            let answer = try await within(.seconds(10)) { try await live.exchange(request) }
            expectProblem(answer, 400, "/problems/malformed-request")
            try await expectAlive(live)
        }
    }

    @Test("10,000 headers are a problem with 431, and the service goes on")
    func manyHeaders() async throws {
        try await withLiveService(TestService()) { live in
            var request = "GET /live HTTP/1.1\r\nHost: a\r\n"
            for number in 0..<10_000 { request += "x-\(number): y\r\n" }
            let bytes = request + "\r\n"
            let answer = try await within(.seconds(10)) { try await live.exchange(bytes) }
            expectProblem(answer, 431, "/problems/headers-too-large")
            try await expectAlive(live)
        }
    }

    @Test("a header section over 16 KiB is a problem with 431", arguments: ["x", "uri"])
    func largeHeader(_ place: String) async throws {
        try await withLiveService(TestService()) { live in
            let long = String(repeating: "a", count: 20_000)
            let request =
                place == "uri"
                ? "GET /\(long) HTTP/1.1\r\nHost: a\r\n\r\n" : "GET /live HTTP/1.1\r\nHost: a\r\nx: \(long)\r\n\r\n"
            let answer = try await within(.seconds(10)) { try await live.exchange(request) }
            expectProblem(answer, 431, "/problems/headers-too-large")
        }
    }

    @Test("a head that never ends is a problem with 408 after the deadline, however it drips")
    func slowHead() async throws {
        try await withLiveService(TestService { $0.receiveTimeout = .milliseconds(300) }) { live in
            let answer = try await within(.seconds(10)) {
                try await live.connect { connection in
                    try await connection.send("GET /live HTTP/1.1\r\n")
                    async let answer = connection.readToEnd()
                    for number in 0..<10 {
                        try await Task.sleep(for: .milliseconds(100))
                        // The server has closed by then.
                        try? await connection.send("x\(number): y\r\n")
                    }
                    return try await answer
                }
            }
            expectProblem(answer, 408, "/problems/request-timeout")
        }
    }

    @Test("a body that never ends is a problem with 408 after the deadline, however it drips")
    func slowBody() async throws {
        try await withLiveService(TestService { $0.receiveTimeout = .milliseconds(300) }) { live in
            let answer = try await within(.seconds(10)) {
                try await live.connect { connection in
                    try await connection.send(
                        "POST /people HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 1000\r\n\r\n{")
                    async let answer = connection.readToEnd()
                    for _ in 0..<10 {
                        try await Task.sleep(for: .milliseconds(100))
                        try? await connection.send(" ")
                    }
                    return try await answer
                }
            }
            expectProblem(answer, 408, "/problems/request-timeout")
            try await expectAlive(live)
        }
    }

    @Test("a route can allow a body more time")
    func allowedSlowBody() async throws {
        try await withLiveService(TestService { $0.receiveTimeout = .seconds(2) }) { live in
            let answer = try await within(.seconds(20)) {
                try await live.connect { connection in
                    try await connection.send("POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n")
                    for _ in 0..<4 {
                        try await Task.sleep(for: .milliseconds(750))
                        try await connection.send("x")
                    }
                    return try await connection.read(until: "\r\n\r\n4")
                }
            }
            #expect(answer.hasPrefix("HTTP/1.1 200 "), "\(answer)")
        }
    }

    @Test("an idle connection is closed without a word")
    func idle() async throws {
        try await withLiveService(TestService { $0.idleTimeout = .milliseconds(200) }) { live in
            let answer = try await within(.seconds(10)) {
                try await live.connect { try await $0.readToEnd() }
            }
            #expect(answer == "")
        }
    }

    @Test("a client whose body we do not read is not idle")
    func busy() async throws {
        let gate = Gate()
        var service = TestService { $0.idleTimeout = .milliseconds(300) }
        service.beforeBody = { await gate.pass() }
        try await withLiveService(service) { live in
            defer { gate.open() }
            let answer = try await within(.seconds(20)) {
                try await live.connect { connection in
                    // More than fits into what is read ahead, so that the rest waits to be asked for.
                    let size = 4 << 20
                    try await connection.send(
                        "POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n\r\n")
                    async let answer = connection.read(until: "\r\n\r\n\(size)")
                    async let sending: Void = connection.send(Array(repeating: 0, count: size))
                    // Here time itself is what is tested with.
                    try await Task.sleep(for: .seconds(1))
                    gate.open()
                    try await sending
                    return try await answer
                }
            }
            #expect(answer.hasPrefix("HTTP/1.1 200 "), "\(answer)")
        }
    }

    @Test("lines are answered one by one, in order, while the body is still coming")
    func lines() async throws {
        try await withLiveService(TestService()) { live in
            let answer = try await within(.seconds(20)) {
                try await live.connect { connection in
                    try await connection.send(
                        "POST /lines HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab\ncd\r\n")
                    async let answer = connection.read(until: "0\r\n\r\n")
                    try await connection.send("4\r\n\n\nef\r\n0\r\n\r\n")
                    return try await answer
                }
            }
            #expect(answer.contains("Content-Type: application/x-ndjson"))
            let body = answer.split(separator: "\r\n").filter { $0.hasPrefix("\"") }.joined()
            #expect(body == "\"1: ab\"\n\"2: cd\"\n\"4: ef\"\n")
        }
    }

    @Test("a body over the limit is a problem with 413", arguments: [true, false])
    func tooLarge(_ hasLength: Bool) async throws {
        try await withLiveService(TestService()) { live in
            let body = String(repeating: " ", count: 200_000)
            let framing =
                hasLength
                ? "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
                : "Transfer-Encoding: chunked\r\n\r\n\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
            let request = "POST /people HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + framing
            let answer = try await within(.seconds(10)) {
                try await live.connect { connection in
                    try? await connection.send(request)
                    return try await connection.read(until: "requestId")
                }
            }
            #expect(answer.hasPrefix("HTTP/1.1 413 "), "\(answer)")
            #expect(answer.contains("/problems/content-too-large"))
            try await expectAlive(live)
        }
    }

    @Test("a body that is announced and too large is refused before it is sent")
    func announcedTooLarge() async throws {
        try await withLiveService(TestService()) { live in
            let answer = try await within(.seconds(10)) {
                try await live.exchange(
                    "POST /people HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 100000000\r\n\r\n")
            }
            expectProblem(answer, 413, "/problems/content-too-large")
        }
    }

    @Test("a body that is cut off is never taken for a whole one")
    func truncatedBody() async throws {
        try await withLiveService(TestService()) { live in
            let answer = try await within(.seconds(10)) {
                try await live.connect { connection in
                    try await connection.send(
                        "POST /people HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 100\r\n\r\n{\"name\":\"Ada\"}")
                    connection.finish()
                    return try await connection.readToEnd()
                }
            }
            expectProblem(answer, 400, "/problems/malformed-request")
        }
    }

    @Test("Expect: 100-continue is answered before the body")
    func expectContinue() async throws {
        try await withLiveService(TestService()) { live in
            let answer = try await within(.seconds(10)) {
                try await live.connect { connection in
                    try await connection.send(
                        "POST /stream HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
                    try await Task.sleep(for: .milliseconds(100))
                    try await connection.send("abc")
                    return try await connection.read(until: "\r\n\r\n3")
                }
            }
            #expect(answer.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 "), "\(answer)")
        }
    }

    @Test("pipelined requests are answered in order, the last one being no HTTP")
    func pipelining() async throws {
        try await withLiveService(TestService()) { live in
            let answer = try await within(.seconds(10)) {
                try await live.exchange(
                    "GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /people/x HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n")
            }
            let statuses = answer.split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
            #expect(statuses == ["200", "200", "400"], "\(answer)")
        }
    }

    @Test("requests behind one that closes the connection are not served")
    func lastRequest() async throws {
        try await withLiveService(TestService { $0.idleTimeout = .seconds(60) }) { live in
            let answer = try await within(.seconds(10)) {
                try await live.exchange(
                    "GET /slow HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n"
                        + "POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                        + "GET /live HTTP/1.1\r\nHost: a\r\n\r\n")
            }
            #expect(answer.split(separator: "HTTP/1.1 ").count == 1, "\(answer)")
            #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.hasSuffix("done"), "\(answer)")
        }
    }

    @Test("many requests are served over one connection, one after the other")
    func keepAlive() async throws {
        try await withLiveService(TestService()) { live in
            let answer = try await within(.seconds(20)) {
                try await live.connect { connection in
                    for _ in 0..<99 { try await connection.send("GET /people/x HTTP/1.1\r\nHost: a\r\n\r\n") }
                    try await connection.send(
                        "GET /people/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    return try await connection.readToEnd()
                }
            }
            #expect(answer.split(separator: "HTTP/1.1 200 OK").count == 100)
        }
    }

    @Test("a client that does not read its answer is let go after the idle timeout")
    func stalledReader() async throws {
        let (ends, ended) = AsyncStream.makeStream(of: Void.self)
        var service = TestService { $0.idleTimeout = .seconds(2) }
        service.onEndlessEnd = { ended.yield() }
        try await withLiveService(service) { live in
            try await within(.seconds(20)) {
                let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .channelOption(.autoRead, value: false)
                    .connect(host: "127.0.0.1", port: live.port).get()
                try await channel.writeAndFlush(
                    ByteBuffer(string: "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
                ).get()
                var iterator = ends.makeAsyncIterator()
                _ = await iterator.next()
                try? await channel.close().get()
            }
        }
    }

    @Test("stopping closes idle connections at once and lets requests in flight finish")
    func drain() async throws {
        let (gate, opened) = AsyncStream.makeStream(of: Void.self)
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        var service = TestService { $0.idleTimeout = .seconds(60) }
        service.slow = {
            arrived.yield()
            for await _ in gate { break }
        }
        let ready = service
        let answer = try await within(.seconds(20)) {
            try await withLiveService(ready) { live in
                try await live.connect { busy in
                    try await live.connect { idle in
                        try await idle.send("GET /live HTTP/1.1\r\nHost: a\r\n\r\n")
                        // It ends although the other request has not.
                        let answer = try await idle.readToEnd {
                            try await busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
                            for await _ in arrivals { break }
                            await live.group.triggerGracefulShutdown()
                        }
                        #expect(answer.hasPrefix("HTTP/1.1 200 "))
                    }
                    opened.yield()
                    return try await busy.readToEnd()
                }
            }
        }
        #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.hasSuffix("done"), "\(answer)")
    }

    @Test("localhost is listened on under every version of IP that there is")
    func localhost() async throws {
        let service = TestService { $0.port = freePort() }
        let addresses = service.configuration.addresses
        #expect(addresses.first == "127.0.0.1")
        try await withLiveService(service) { live in
            for address in addresses {
                try await eventually(address) {
                    try await HealthProbe(host: address, port: live.port, path: "/live").ask().status == 200
                }
            }
        }
    }

    @Test("an address that is taken ends the service, whatever else it listens on")
    func takenAddress() async throws {
        try await withLiveService(TestService()) { live in
            let second = TestService {
                $0.hosts = ["::1", "127.0.0.1"]
                $0.port = live.port
            }
            await #expect(throws: (any Error).self) {
                try await within(.seconds(20)) { try await second.application().run() }
            }
        }
    }

    @Test("the health probe tells ready from not ready and from not running")
    func probe() async throws {
        var service = TestService()
        service.health = Health([ReadinessCheck("rabbitmq") { .notReady("no connection") }])
        let port = try await withLiveService(service) { live in
            let answer = try await HealthProbe(host: "0.0.0.0", port: live.port).ask()
            #expect(answer.status == 503)
            #expect(answer.body.contains("no connection"))
            #expect(try await HealthProbe(host: "", port: live.port, path: "/live").ask().status == 200)
            return live.port
        }
        await #expect(throws: HealthProbe.Failure.self) {
            try await HealthProbe(host: "127.0.0.1", port: port).ask()
        }
    }
}
