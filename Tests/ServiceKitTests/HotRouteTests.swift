// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import NIOCore
import ServiceLifecycle
import TestSupport
import Testing

@testable import ServiceKit

/// `/people/…`, answered ahead of the router for all but those who are cold.
@Suite("A hot route", .timeLimit(.minutes(1)))
struct HotRouteTests {
    private func service(_ change: (inout HTTPConfiguration) -> Void = { _ in }) -> TestService {
        var service = TestService(change)
        service.hot = .get(prefix: "/people/", parameter: "email") { request in
            let segment = request.segment
            return segment.hasPrefix("cold")
                ? .pass
                : .answer(HotAnswer(.ok, fields: [("X-Hot", "yes")], body: ByteBuffer(string: "\"\(segment)\"")))
        }
        return service
    }

    private func request(_ path: String, _ fields: String = "Host: a\r\n", close: Bool = false) -> String {
        "GET \(path) HTTP/1.1\r\n\(fields)\(close ? "Connection: close\r\n" : "")\r\n"
    }

    /// The end of each test's connection.
    private var last: String { request("/people/cold-last", close: true) }

    @Test("answers plain requests, with all fields that the router's answers have")
    func plain() async throws {
        let service = service()
        try await withLiveService(service) { live in
            let answer = try await live.exchange(
                request("/people/ada@b.org", "Host: a\r\nUser-Agent: curl/8\r\nX-Request-ID: abc.7\r\n") + last)
            let head = answer.prefix { $0 != "{" && $0 != "\"" }
            #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
            for field in [
                "X-Hot: yes", "Content-Type: application/json", "Cache-Control: private, no-cache",
                "Content-Length: 11",
                "X-Request-ID: abc.7",
            ] {
                #expect(head.contains("\r\n\(field)\r\n"), "\(field)")
            }
            #expect(head.contains(/\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/))
            #expect(answer.contains("\r\n\r\n\"ada@b.org\"HTTP/1.1 200 OK"))
            let metrics = String(decoding: service.metrics.render(), as: UTF8.self)
            #expect(
                metrics.contains(
                    #"http_server_requests_total{method="GET",route="/people/{email}",status="200"} 2"#), "\(metrics)")
            #expect(
                metrics.contains(
                    #"http_server_request_duration_seconds_count{method="GET",route="/people/{email}"} 2"#))
        }
    }

    @Test(
        "names a request that has no name, or takes its trace's",
        arguments: [
            ("", "[0-9a-f]{32}"), ("X-Request-ID: a b\r\n", "[0-9a-f]{32}"),
            (
                "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n",
                "0af7651916cd43dd8448eb211c80319c"
            ),
        ])
    func identity(fields: String, expected: String) async throws {
        try await withLiveService(service()) { live in
            let answer = try await live.exchange(request("/people/ada", "Host: a\r\n\(fields)") + last)
            let head = answer.prefix { $0 != "\"" }
            #expect(try head.contains(Regex("X-Request-ID: \(expected)\r\n")), "\(answer)")
        }
    }

    @Test(
        "leaves everything else to the router",
        arguments: [
            "GET /people/ada?x=1 HTTP/1.1\r\nHost: a\r\n", "GET /people/ada%40b HTTP/1.1\r\nHost: a\r\n",
            "GET /people/ HTTP/1.1\r\nHost: a\r\n", "GET /people/ada/more HTTP/1.1\r\nHost: a\r\n",
            "GET /people/cold HTTP/1.1\r\nHost: a\r\n", "HEAD /people/ada HTTP/1.1\r\nHost: a\r\n",
            "GET /people/ada HTTP/1.1\r\n", "GET /people/ada HTTP/1.1\r\nHost: a\r\nHost: b\r\n",
            "GET /people/ada HTTP/1.1\r\nHost: a b\r\n", "GET /people/ada HTTP/1.1\r\nHost: a\r\nX-Request-ID: b \r\n",
            "GET /people/ada HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"1\"\r\n",
            "GET /people/ada HTTP/1.1\r\nHost: a\r\nPrefer: wait=1\r\n",
            "GET /people/ada HTTP/1.1\r\nHost: a\r\nAuthorization: x\r\n",
            "GET /people/ada HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n",
            "GET /people/ada HTTP/1.1\r\nHost: a\r\nX-Request-ID: a\r\nX-Request-ID: b\r\n",
            "GET /people/ada HTTP/1.0\r\nHost: a\r\n", "GET http://a/people/ada HTTP/1.1\r\nHost: a\r\n",
        ])
    func passing(head: String) async throws {
        try await withLiveService(service()) { live in
            let answer = try await within(.seconds(10)) { try await live.exchange(head + "Connection: close\r\n\r\n") }
            #expect(answer.hasPrefix("HTTP/1.1 "), "\(answer)")
            #expect(!answer.contains("X-Hot"))
            // The same without the field that alone would do.
            let open = try await within(.seconds(10)) { try await live.exchange(head + "\r\n" + last) }
            #expect(open.hasPrefix("HTTP/1."), "\(open)")
            #expect(!open.contains("X-Hot"))
        }
    }

    @Test("keeps the order of pipelined requests, whoever answers them")
    func pipelined() async throws {
        var service = service()
        let (gate, entered) = (Gate(), Counter())
        service.slow = {
            entered.add()
            await gate.pass()
        }
        try await withLiveService(service) { live in
            let requests = (0..<200).map { number in
                request(number == 100 ? "/slow" : number % 7 == 3 ? "/people/cold-\(number)" : "/people/hot-\(number)")
            }
            let all = requests.joined() + last
            let answer = try await live.connect { connection in
                try await connection.send(all)
                // Those behind the slow one are here, and must wait for it.
                try await eventually("slow") { entered.value == 1 }
                gate.open()
                return try await within(.seconds(20)) { try await connection.readToEnd() }
            }
            let numbers = answer.matches(of: /(?:cold|hot)-(\d+)|done/).map { Int($0.1 ?? "100") }
            #expect(numbers == Array(0..<200))
        }
    }

    @Test("is within the connection's limits: a head must arrive in time, an idle client is let go, a busy one stays")
    func limits() async throws {
        let service = service {
            $0.receiveTimeout = .seconds(1)
            $0.idleTimeout = .seconds(2)
        }
        try await withLiveService(service) { live in
            let start = ContinuousClock.now
            let request = request("/people/ada")
            let answers = try await live.connect { connection in
                // For longer than both limits: time is what is tested.
                while ContinuousClock.now - start < .milliseconds(2500) {
                    try await connection.send(request)
                    try await Task.sleep(for: .milliseconds(50))
                }
                return try await within(.seconds(10)) { try await connection.readToEnd() }
            }
            #expect(answers.matches(of: /"ada"/).count >= 10)
            #expect(!answers.contains("HTTP/1.1 408"))
            let pieces = try await live.connect { connection in
                // The first piece alone is an unfinished head; the request that it belongs to arrives in time.
                try await connection.send(String(request.prefix(20)))
                try await Task.sleep(for: .milliseconds(100))
                try await connection.send(String(request.dropFirst(20)))
                let end = ContinuousClock.now + .milliseconds(1600)
                while ContinuousClock.now < end {
                    try await Task.sleep(for: .milliseconds(50))
                    try await connection.send(request)
                }
                return try await within(.seconds(10)) { try await connection.readToEnd() }
            }
            #expect(pieces.matches(of: /"ada"/).count >= 5)
            #expect(!pieces.contains("HTTP/1.1 408"))
            let unfinished = try await within(.seconds(10)) {
                try await live.connect { connection in
                    try await connection.send(request)
                    return try await connection.readToEnd { try await connection.send("GET /people/ada HTT") }
                }
            }
            #expect(unfinished.contains("HTTP/1.1 408"), "\(unfinished)")
        }
    }

    @Test("stops with the server")
    func stopping() async throws {
        try await withLiveService(service()) { live in
            let request = request("/people/ada")
            let answers = try await live.connect { connection in
                try await connection.send(request)
                return try await within(.seconds(10)) {
                    try await connection.readToEnd { await live.group.triggerGracefulShutdown() }
                }
            }
            #expect(answers.matches(of: /"ada"/).count == 1)
        }
    }

    @Test("writes dates as HTTP wants them")
    func date() {
        let field = DateField()
        #expect(field.text(at: Date(timeIntervalSince1970: 784_111_777)) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(field.text(at: Date(timeIntervalSince1970: 1_709_164_799)) == "Wed, 28 Feb 2024 23:59:59 GMT")
        #expect(field.text.hasSuffix(" GMT"))
    }
}
