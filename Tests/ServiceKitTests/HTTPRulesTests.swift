// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTestSupport
import TestSupport
import Testing

@testable import ServiceKit

/// What `docs/http.md` lists, over real sockets.
@Suite("HTTP, as RFC 9110 and RFC 9112 want it", .timeLimit(.minutes(2)))
struct HTTPRulesTests {
    /// Nothing but the rules closes a connection soon.
    private let service = TestService { $0.idleTimeout = .seconds(60) }

    private func exchange(_ request: String) async throws -> String {
        try await withLiveService(service) { live in
            try await within(.seconds(10), "the end of the connection after: \(request)") {
                try await live.exchange(request)
            }
        }
    }

    // MARK: HTTP/1.0

    @Test("an HTTP/1.0 connection ends with its answer, which says so", arguments: ["", "Host: a\r\n"])
    func http10(fields: String) async throws {
        let answer = try await exchange("GET /people/x HTTP/1.0\r\n\(fields)\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(answer)")
        #expect(answer.contains("\r\nConnection: close\r\n"), "\(answer)")
    }

    @Test("an HTTP/1.0 client that asks for it keeps its connection, and is told so")
    func http10KeepAlive() async throws {
        let answer = try await exchange(
            "GET /people/x HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\nGET /people/y HTTP/1.0\r\n\r\n")
        let answers = answer.split(separator: "HTTP/1.1 200 OK\r\n")
        #expect(answers.count == 2, "\(answer)")
        #expect(answers.first?.contains("\r\nConnection: keep-alive\r\n") == true, "\(answer)")
        #expect(answers.last?.contains("\r\nConnection: close\r\n") == true, "\(answer)")
    }

    @Test("lines are answered to HTTP/1.0 without chunks, until the connection ends", arguments: ["", "Keep-Alive"])
    func http10Lines(connection: String) async throws {
        let answer = try await exchange(
            "POST /lines HTTP/1.0\r\nConnection: \(connection)\r\nContent-Length: 6\r\n\r\nab\ncd\n")
        #expect(!answer.lowercased().contains("transfer-encoding"), "\(answer)")
        #expect(answer.lowercased().contains("\r\nconnection: close\r\n"), "\(answer)")
        #expect(answer.hasSuffix("\r\n\r\n\"1: ab\"\n\"2: cd\"\n"), "\(answer)")
    }

    @Test("events are sent to HTTP/1.0 without chunks")
    func http10Events() async throws {
        try await withLiveService(service) { live in
            let answer = try await within(.seconds(10)) {
                try await live.connect { connection in
                    try await connection.send("GET /stream HTTP/1.0\r\n\r\n")
                    return try await connection.read(until: "id: 2\n\n")
                }
            }
            #expect(!answer.lowercased().contains("transfer-encoding"), "\(answer)")
            #expect(answer.contains("\r\n\r\n: alive\nid: 1\n\n: alive\nid: 2\n\n"), "\(answer)")
        }
    }

    @Test("HTTP/1.0 gets no 100")
    func http10Expect() async throws {
        let answer = try await exchange(
            "POST /stream HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(answer)")
    }

    // MARK: What must not be processed

    @Test(
        "faulty framing, hosts and targets get a problem, and nothing behind them is read",
        arguments: [
            ("POST /people HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400),
            (
                "POST /people HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
                400
            ),
            (
                "POST /people HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                400
            ),
            ("POST /people HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
            ("POST /people HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 400),
            ("POST /people HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400),
            ("POST /people HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
            ("POST /people HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n", 400),
            ("POST /people HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n\r\n{}", 400),
            ("POST /people HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 2\r\n\r\n{}", 400),
            ("POST /people HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n{}", 400),
            ("GET /people/x HTTP/1.1\r\n\r\n", 400),
            ("GET http://a/people/x HTTP/1.1\r\n\r\n", 400),
            ("GET /people/x HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
            ("GET /people/x HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400),
            ("GET /people/x HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
            ("GET /people/x HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
            ("GET /people/x HTTP/1.1\r\nHost: ada@a\r\n\r\n", 400),
            ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET people/x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET ftp://a/people/x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET /people/x HTTP/2.0\r\nHost: a\r\n\r\n", 400),
            ("GET /people/x HTTP/1.1\r\n Host: a\r\n\r\n", 400),
            ("GET /people/x HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", 400),
            ("GET /people/x HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400),
            ("GET /people/x HTTP/1.1\r\nHost: a\r\nX: a\u{0}b\r\n\r\n", 400),
            ("GET /people/x HTTP/1.1\r\nHost : a\r\n\r\n", 400),
            ("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        ])
    func refused(request: String, status: Int) async throws {
        let answer = try await exchange(request + "GET /people/behind HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(request): \(answer)")
        #expect(answer.contains("\r\nContent-Type: application/problem+json\r\n"), "\(answer)")
        #expect(answer.contains("\r\nConnection: close\r\n"), "\(answer)")
        #expect(answer.contains(/\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/), "\(answer)")
        #expect(answer.matches(of: /HTTP\/1\.1\s/).count == 1 && !answer.contains("behind"), "\(answer)")
    }

    @Test(
        "a chunk that is none gets a problem, and nothing behind it is read",
        arguments: [
            "x\r\n{}\r\n0\r\n\r\n", "-2\r\n{}\r\n0\r\n\r\n", "2\r\n{}x\r\n0\r\n\r\n", "FFFFFFFFFFFFFFFFF\r\n{}",
        ])
    func badChunk(body: String) async throws {
        let answer = try await exchange(
            "POST /people HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                + body + "GET /people/behind HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
        #expect(answer.matches(of: /HTTP\/1\.1\s/).count == 1 && !answer.contains("behind"), "\(answer)")
    }

    // MARK: What has to be understood

    @Test(
        "every form of a good request is served",
        arguments: [
            "GET http://other/people/x HTTP/1.1\r\nHost: a\r\n", "GET HTTP://a:1/people/x HTTP/1.1\r\nHost: b\r\n",
            "GET /people/x HTTP/1.1\r\nHost:\r\n", "GET /people/x HTTP/1.1\r\nHost: [::1]:80\r\n",
            "\r\nGET /people/x HTTP/1.1\r\nHost: a\r\n", "GET /people/x HTTP/1.1\r\nhOST: \t a \t\r\n",
            "GET /people/x HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n",
            "GET /people/x HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\n",
            "GET /people/x HTTP/1.1\r\nHost: a\r\nExpect: something\r\n",
        ])
    func served(head: String) async throws {
        let answer = try await exchange(head + "Connection: TE, Close\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.hasSuffix("\r\n\r\nx"), "\(answer)")
        #expect(answer.contains("\r\nConnection: close\r\n"), "\(answer)")
    }

    @Test("chunks with extensions and trailers are read, and the trailers dropped")
    func trailers() async throws {
        let answer = try await exchange(
            "POST /stream HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nHost: b\r\n\r\n"
                + "GET /people/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(answer.matches(of: /HTTP\/1\.1 200/).count == 2, "\(answer)")
        #expect(answer.contains("\r\n\r\n3HTTP/1.1 200"), "\(answer)")
    }

    @Test("an offer of another protocol is not taken up, and the connection ends")
    func upgrade() async throws {
        let answer = try await exchange(
            "GET /people/x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(answer)")
        #expect(answer.contains("\r\nConnection: close\r\n"), "\(answer)")
    }

    @Test("who waits for 100 gets it, also behind another request")
    func pipelinedExpect() async throws {
        try await withLiveService(service) { live in
            let answer = try await within(.seconds(10)) {
                try await live.connect { connection in
                    try await connection.send(
                        "GET /slow HTTP/1.1\r\nHost: a\r\n\r\nPOST /stream HTTP/1.1\r\nHost: a\r\n"
                            + "Expect: 100-Continue\r\nConnection: close\r\nContent-Length: 3\r\n\r\n")
                    return try await connection.readToEnd(when: "HTTP/1.1 100 Continue\r\n\r\n") {
                        try await connection.send("abc")
                    }
                }
            }
            let statuses = answer.matches(of: /HTTP\/1\.1 (\d+)/).map { String($0.1) }
            #expect(statuses == ["200", "100", "200"], "\(answer)")
        }
    }

    // MARK: Methods

    @Test("HEAD is answered as GET, with the length and without the body")
    func head() async throws {
        let answer = try await exchange("HEAD /people/xyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.hasSuffix("\r\n\r\n"), "\(answer)")
        #expect(answer.contains("\r\nContent-Length: 3\r\n"), "\(answer)")
    }

    @Test("HEAD of a stream has no body and tells no length")
    func headOfStream() async throws {
        let answer = try await exchange("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.contains("\r\nContent-Type: text/event-stream\r\n") && answer.hasSuffix("\r\n\r\n"), "\(answer)")
        #expect(answer.matches(of: /\r\n\r\n/).count == 1, "\(answer)")
        #expect(!answer.lowercased().contains("content-length"), "\(answer)")
    }

    @Test(
        "methods that nobody here knows are told from those that are wrong for a path",
        arguments: [
            ("PROPFIND /people", 501), ("TRACE /people", 405), ("QUERY /people", 405), ("PUT /people", 405),
            ("PUT /nowhere", 404),
        ])
    func methods(line: String, status: Int) async throws {
        let answer = try await exchange("\(line) HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
        #expect(answer.contains("\r\nAllow: OPTIONS, POST\r\n") == (status == 405), "\(answer)")
    }

    @Test(
        "OPTIONS says which methods there are",
        arguments: [
            ("/people", "OPTIONS, POST"), ("/people/x", "GET, HEAD, OPTIONS"), ("*", "GET, HEAD, OPTIONS, POST"),
        ])
    func options(target: String, methods: String) async throws {
        let answer = try await exchange("OPTIONS \(target) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 204 No Content\r\n"), "\(answer)")
        #expect(answer.contains("\r\nAllow: \(methods)\r\n"), "\(answer)")
        #expect(!answer.lowercased().contains("content-length"), "\(answer)")
    }
}
