// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import HTTPTypes
import NIOCore
import TestSupport
import Testing

@testable import ServiceKit

@Suite("Pages of other origins", .timeLimit(.minutes(1)))
struct CrossOriginTests {
    private static func policy(_ origins: String) throws -> CrossOriginPolicy? {
        try CrossOriginPolicy(reader: ServiceSettings.read(environment: ["CORS_ORIGINS": origins]))
    }

    private func service(_ origins: String = "https://shop.example, http://localhost:3000") throws -> TestService {
        var service = TestService()
        service.crossOrigin = try Self.policy(origins)
        service.hot = .get(prefix: "/people/", parameter: "email") { _ in
            .answer(HotAnswer(.ok, fields: [("X-Hot", "yes")], body: ByteBuffer(string: "1")))
        }
        return service
    }

    /// The header section of an answer, in lower case but for values.
    private func head(_ line: String, _ fields: String = "", body: String = "", _ live: Live) async throws -> [String] {
        let request = "\(line) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\(body)"
        let answer = try await live.connect { connection in
            try await connection.send(request)
            return try await within(.seconds(10)) { try await connection.read(until: "\r\n\r\n") }
        }
        return answer.components(separatedBy: "\r\n\r\n")[0].components(separatedBy: "\r\n").map { field in
            guard let colon = field.firstIndex(of: ":") else { return field }
            return field[..<colon].lowercased() + field[colon...]
        }
    }

    private let allowed = "access-control-allow-origin: https://shop.example"
    private let origin = "Origin: https://shop.example\r\n"

    @Test(
        "may read every answer, whoever has made it, if they are listed",
        arguments: [
            ("GET /people/ada", "", "", "200"), ("HEAD /people/ada", "", "", "200"), ("GET /long", "", "", "200"),
            ("GET /tagged", "If-None-Match: \"1\"\r\n", "", "304"), ("GET /tagged", "If-Match: \"2\"\r\n", "", "412"),
            ("GET /nowhere", "", "", "404"), ("DELETE /people/ada", "", "", "405"), ("GET /fails", "", "", "500"),
            ("POST /people", "Content-Length: 2\r\nContent-Type: application/json\r\n", "{}", "422"),
            ("GET /stream", "", "", "200"), ("POST /lines", "Content-Length: 2\r\n", "1\n", "200"),
            ("GET /live", "", "", "200"),
            // One that no handler makes.
            ("GET /people/ada", "Host: b\r\n", "", "400"),
        ])
    func listed(line: String, fields: String, body: String, status: String) async throws {
        try await withLiveService(try service()) { live in
            let head = try await head(line, fields + origin, body: body, live)
            #expect(head[0].contains(" \(status) "), "\(head)")
            #expect(head.contains(allowed), "\(head)")
            #expect(head.contains("vary: Origin"), "\(head)")
            let exposed = try #require(head.first { $0.hasPrefix("access-control-expose-headers: ") })
            for name in ["ETag", "Location", "Retry-After", "RateLimit", "RateLimit-Policy", "Cache-Status"] {
                #expect(exposed.contains(name), "\(name)")
            }
            #expect(!head.contains { $0.hasPrefix("access-control-allow-credentials") })
        }
    }

    @Test(
        "may not if they are not, and caches learn that it depends",
        arguments: [
            "", "Origin: https://evil.example\r\n", "Origin: null\r\n", "Origin: https://shop.example.evil\r\n",
        ],
        ["GET /people/ada", "GET /long", "GET /nowhere"])
    func others(fields: String, line: String) async throws {
        try await withLiveService(try service()) { live in
            let head = try await head(line, fields, live)
            #expect(!head.contains { $0.hasPrefix("access-control-") }, "\(head)")
            #expect(head.contains("vary: Origin"), "\(head)")
            // Who has no origin is answered ahead of the router as ever.
            #expect(head.contains("x-hot: yes") == (fields.isEmpty && line.contains("people")), "\(head)")
        }
    }

    @Test(
        "may all read every answer of a service for everybody, which is the same for all",
        arguments: ["", "Origin: null\r\n", "Origin: https://shop.example\r\n"], ["GET /people/ada", "GET /nowhere"])
    func everybody(fields: String, line: String) async throws {
        try await withLiveService(try service("*")) { live in
            let head = try await head(line, fields, live)
            #expect(head.contains("access-control-allow-origin: *"), "\(head)")
            #expect(!head.contains("vary: Origin"), "\(head)")
        }
    }

    @Test("are told that they come too often, and what is left")
    func limited() async throws {
        var service = try service()
        service.rateLimit = RateLimit(perSecond: 1, burst: 1)
        try await withLiveService(service) { live in
            var heads: [[String]] = []
            for _ in 0..<20 { heads.append(try await head("GET /people/ada", origin, live)) }
            let refused = try #require(heads.first { $0[0].contains(" 429 ") })
            #expect(refused.contains(allowed))
            #expect(refused.contains("retry-after: 1"))
        }
    }

    @Test(
        "may ask what they may do, of every route, ahead of all that could refuse them",
        arguments: [
            ("/people/ada", "GET, HEAD, OPTIONS"), ("/people", "OPTIONS, POST"), ("/lines", "OPTIONS, POST"),
            ("/nowhere", "GET, HEAD, OPTIONS, POST"),
        ])
    func preflight(path: String, methods: String) async throws {
        var service = try service()
        service.admission = Admission { _ throws(ProblemDetails) in throw ProblemDetails(.status(.unauthorized)) }
        service.rateLimit = RateLimit(perSecond: 1, burst: 1)
        try await withLiveService(service) { live in
            let ask = "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type,if-match\r\n"
            for _ in 0..<10 {
                let head = try await head("OPTIONS \(path)", origin + ask, live)
                #expect(head[0] == "HTTP/1.1 204 No Content", "\(head)")
                #expect(head.contains(allowed))
                #expect(head.contains("vary: Origin"))
                #expect(head.contains("access-control-allow-methods: \(methods)"), "\(head)")
                #expect(head.contains("access-control-max-age: 7200"))
                let fields = try #require(head.first { $0.hasPrefix("access-control-allow-headers: ") })
                for name in [
                    "Content-Type", "If-Match", "If-None-Match", "Idempotency-Key", "traceparent", "Last-Event-ID",
                ] {
                    #expect(fields.contains(name), "\(name)")
                }
            }
            let refused = try await head("OPTIONS \(path)", "Origin: https://evil.example\r\n" + ask, live)
            #expect(!refused.contains { $0.hasPrefix("access-control-allow-origin") }, "\(refused)")
        }
    }

    @Test("do not change what OPTIONS says to others")
    func options() async throws {
        try await withLiveService(try service()) { live in
            let head = try await head("OPTIONS /people", origin, live)
            #expect(head.contains("allow: OPTIONS, POST"), "\(head)")
            #expect(!head.contains { $0.hasPrefix("access-control-allow-methods") })
        }
    }

    @Test("get each its own answer on a connection of many")
    func pipelined() async throws {
        try await withLiveService(try service()) { live in
            let fields = ["", origin, "Origin: https://evil.example\r\n", "Origin: http://localhost:3000\r\n", ""]
            let answer = try await live.exchange(
                fields.map { "GET /people/ada HTTP/1.1\r\nHost: a\r\n\($0)\r\n" }.joined() + "no HTTP\r\n\r\n")
            let origins = answer.components(separatedBy: "HTTP/1.1 ").dropFirst().map { answer in
                answer.lowercased().firstMatch(of: /access-control-allow-origin: (\S+)/).map { String($0.1) }
            }
            #expect(origins == [nil, "https://shop.example", nil, "http://localhost:3000", nil, nil], "\(answer)")
        }
    }

    @Test("have no say by default")
    func off() async throws {
        #expect(try Self.policy("") == nil)
        var service = try service()
        service.crossOrigin = nil
        try await withLiveService(service) { live in
            for line in ["GET /people/ada", "GET /long", "OPTIONS /people"] {
                let head = try await head(line, origin + "Access-Control-Request-Method: POST\r\n", live)
                #expect(!head.contains { $0.hasPrefix("access-control-") }, "\(head)")
                #expect(!head.contains("vary: Origin"), "\(head)")
            }
        }
    }

    @Test(
        "are written as browsers write them, or the service does not start",
        arguments: [
            "https://shop.example/", "https://Shop.example", "https://shop.example:443", "http://shop.example:80",
            "shop.example", "null", "https://", "https://a.example, *", "https://a b", "https://münchen.example",
            "https://shop.example/path", "https://*.example",
        ])
    func invalid(text: String) {
        let error = #expect(throws: ConfigurationError.self) { try Self.policy(text) }
        #expect(error?.name == "CORS_ORIGINS")
    }

    @Test(
        "have any scheme, host and port",
        arguments: [
            "http://localhost", "https://127.0.0.1:8443", "http://[::1]:3000", "app://local-host", "https://a.b:80",
        ])
    func valid(text: String) throws { #expect(try Self.policy(text) != nil) }
}
