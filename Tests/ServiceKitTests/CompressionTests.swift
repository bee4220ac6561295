// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Hummingbird
import HummingbirdTesting
import TestSupport
import Testing

@testable import ServiceKit

@Suite("Compression", .timeLimit(.minutes(1)))
struct CompressionTests {
    private func send(
        _ uri: String, _ method: HTTPRequest.Method = .get, accepting codings: String?
    ) async throws -> TestResponse {
        var headers = HTTPFields()
        headers[.acceptEncoding] = codings
        let sent = headers
        return try await TestService().application().test(.router) { client in
            try await client.execute(uri: uri, method: method, headers: sent)
        }
    }

    @Test("a long answer travels compressed, and is the same at the other end")
    func long() async throws {
        try await withLiveService(TestService()) { live in
            let url = "http://127.0.0.1:\(live.port)/long"
            let (plain, unpacked) = (
                try await succeed("curl", ["-sS", url]), try await succeed("curl", ["-sS", "--compressed", url])
            )
            #expect(plain.utf8.count == 10_000 && unpacked == plain)
            let head = try await succeed(
                "curl", ["-sS", "-D", "-", "-o", "/dev/null", "-H", "Accept-Encoding: gzip", url])
            #expect(head.contains("Content-Encoding: gzip\r\n"), "\(head)")
            let length = try #require(head.firstMatch(of: /Content-Length: (\d+)/).flatMap { Int($0.1) })
            #expect(length < 1000)
        }
    }

    @Test("what a coding could change says so, compressed or not", arguments: ["gzip", nil])
    func vary(codings: String?) async throws {
        let response = try await send("/long", accepting: codings)
        #expect(response.headers[.vary] == "Accept-Encoding")
        #expect(response.headers[.contentEncoding] == codings)
    }

    @Test(
        "an answer with a strong entity tag, a short one and a stream stay as they are",
        arguments: ["/tagged", "/people/x"])
    func untouched(uri: String) async throws {
        #expect(try await send(uri, accepting: "gzip").headers[.contentEncoding] == nil)
    }

    @Test("HEAD of what GET would compress tells no length")
    func head() async throws {
        try await withLiveService(TestService()) { live in
            let request = "HEAD /long HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
            let packed = try await live.exchange(request + "Accept-Encoding: gzip\r\n\r\n")
            #expect(packed.contains("\r\nVary: Accept-Encoding\r\n") && packed.hasSuffix("\r\n\r\n"), "\(packed)")
            #expect(!packed.lowercased().contains("content-length"), "\(packed)")
            let plain = try await live.exchange(request + "\r\n")
            #expect(plain.contains("\r\nContent-Length: 10000\r\n"), "\(plain)")
        }
    }

    @Test(
        "who prefers gzip",
        arguments: [
            ("gzip", true), ("GZIP", true), ("x-gzip", true), ("*", true), ("deflate, gzip;q=0.5", true),
            ("br;q=1,gzip", true),
            ("gzip; q=0", false), ("gzip;q=0, *", false), ("*;q=0", false), ("identity, gzip;q=0.5", false),
            ("br", false),
            ("gzip;q=x", false), ("", false), ("gzipped", false),
        ])
    func preference(field: String, expected: Bool) {
        #expect(AcceptEncoding.prefersGzip(field) == expected)
    }
}
