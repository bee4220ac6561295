// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import NIOCore
import TestSupport
import Testing

@testable import ServiceKit

/// Over a real socket, where time passes: a token more may come any moment. What is exact is tested of the values.
@Suite("A rate limit", .timeLimit(.minutes(1)))
struct RateLimitTests {
    private func service(burst: Int, proxies: [String] = []) throws -> TestService {
        var service = TestService()
        service.rateLimit = RateLimit(
            perSecond: 1, burst: burst, proxies: try proxies.map { try #require(AddressBlock($0)) })
        service.hot = .get(prefix: "/people/", parameter: "email") { request in
            request.segment == "cold"
                ? .pass : .answer(HotAnswer(.ok, fields: [("X-Hot", "yes")], body: ByteBuffer(string: "1")))
        }
        return service
    }

    private func get(_ path: String, _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    /// The end of a connection.
    private let last = "GET /live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    private func statuses(_ answer: String) -> [String] { answer.matches(of: /HTTP\/1\.1 (\d+)/).map { String($0.1) } }

    @Test("refuses who asks for more, whichever way a request takes", arguments: ["", "X-Unknown: 1\r\n"])
    func refusal(fields: String) async throws {
        try await withLiveService(try service(burst: 3)) { live in
            let answer = try await live.exchange(
                String(repeating: get("/people/ada", fields), count: 30) + last)
            #expect(statuses(answer).prefix(3) == ["200", "200", "200"])
            #expect(statuses(answer).filter { $0 == "429" }.count > 5, "\(answer)")
            #expect(statuses(answer).last == "200")
        }
    }

    @Test("answers with the same problem, whichever way a request takes")
    func problem() async throws {
        let service = try service(burst: 1)
        try await withLiveService(service) { live in
            func refused(_ fields: String) async throws -> Set<String> {
                let answer = try await live.exchange(
                    String(repeating: get("/people/ada", "X-Request-ID: one\r\n" + fields), count: 30) + last)
                let refused = try #require(answer.components(separatedBy: "HTTP/1.1 ").first { $0.hasPrefix("429") })
                return Set(
                    refused.split(separator: "\r\n").map(String.init)
                        .filter { !$0.lowercased().hasPrefix("date:") }
                        .map { $0.hasPrefix("{") ? $0 : $0.lowercased() })
            }
            let hot = try await refused("")
            #expect(try await refused("X-Unknown: 1\r\n") == hot)
            #expect(
                hot.isSuperset(of: [
                    "429 too many requests", "content-type: application/problem+json", "retry-after: 1",
                    #"ratelimit: "client";r=0;t=1"#, #"ratelimit-policy: "client";q=1;w=1"#, "cache-control: no-store",
                ]), "\(hot)")
            let body = try #require(hot.first { $0.hasPrefix("{") })
            #expect(body.contains(#""type":"/problems/too-many-requests""#), "\(body)")
            #expect(body.contains(#""requestId":"one""#), "\(body)")
            let metrics = String(decoding: service.metrics.render(), as: UTF8.self)
            #expect(metrics.contains(#"http_server_requests_total{method="GET",route="/people/{email}",status="429"}"#))
        }
    }

    @Test("tells with each answer what is left, and takes one token whichever way a request takes")
    func remaining() async throws {
        for path in ["/people/hot", "/people/cold", "/fails", "/nowhere"] {
            try await withLiveService(try service(burst: 100)) { live in
                let answer = try await live.exchange(get(path) + last)
                #expect(answer.lowercased().contains("\r\nratelimit: \"client\";r=99;t=1\r\n"), "\(path): \(answer)")
                #expect(answer.lowercased().contains("\r\nratelimit-policy: \"client\";q=100;w=100\r\n"))
            }
        }
    }

    @Test("holds for all connections of a client together")
    func connections() async throws {
        try await withLiveService(try service(burst: 3)) { live in
            var refused = 0
            for _ in 0..<10 {
                let answer = try await live.exchange(String(repeating: get("/people/ada"), count: 2) + last)
                refused += statuses(answer).count { $0 == "429" }
            }
            #expect(refused > 5)
        }
    }

    @Test("never refuses probes and metrics, and they take no token")
    func probes() async throws {
        try await withLiveService(try service(burst: 1)) { live in
            let probes = ["/live", "/ready", "/health", "/metrics"].map { get($0) }.joined()
            let answer = try await live.exchange(
                String(repeating: get("/people/ada"), count: 20) + String(repeating: probes, count: 5) + last)
            #expect(statuses(answer).contains("429"))
            #expect(statuses(answer).suffix(21).allSatisfy { $0 == "200" })
            let fresh = try await live.exchange(probes + last)
            #expect(!fresh.lowercased().contains("ratelimit"), "\(fresh)")
        }
    }

    @Test("has a bucket for each client behind a trusted proxy", arguments: ["", "X-Unknown: 1\r\n"])
    func proxies(fields: String) async throws {
        try await withLiveService(try service(burst: 100, proxies: ["127.0.0.0/8"])) { live in
            let answer = try await live.exchange(
                (1...20).map { get("/people/ada", "X-Forwarded-For: 192.0.2.\($0)\r\n" + fields) }.joined() + last)
            #expect(answer.lowercased().matches(of: /ratelimit: "client";r=99;t=1/).count == 20, "\(answer)")
        }
    }

    @Test("is not evaded by naming other clients", arguments: ["", "X-Unknown: 1\r\n"])
    func spoofing(fields: String) async throws {
        try await withLiveService(try service(burst: 1, proxies: ["10.0.0.0/8"])) { live in
            let answer = try await live.exchange(
                (1...30).map { get("/people/ada", "X-Forwarded-For: 192.0.2.\($0)\r\n" + fields) }.joined() + last)
            #expect(statuses(answer).contains("429"))
        }
    }

    @Test("is none by default")
    func off() async throws {
        var service = try service(burst: 1)
        service.rateLimit = nil
        try await withLiveService(service) { live in
            let answer = try await live.exchange(
                String(repeating: get("/people/ada") + get("/people/cold"), count: 100) + last)
            #expect(statuses(answer).allSatisfy { $0 == "200" })
            #expect(!answer.lowercased().contains("ratelimit"))
        }
    }

    @Test("is read from the environment, and each setting is checked")
    func settings() throws {
        func limit(_ environment: [String: String]) throws -> RateLimit? {
            try RateLimit(reader: ServiceSettings.read(environment: environment))
        }
        #expect(try limit([:]) == nil)
        #expect(try limit(["RATE_LIMIT": "0", "RATE_LIMIT_BURST": "7"]) == nil)
        #expect(try limit(["RATE_LIMIT": "50"]) == RateLimit(perSecond: 50, burst: 50))
        let blocks = try ["10.0.0.0/8", "::1"].map { try #require(AddressBlock($0)) }
        #expect(
            try limit(["RATE_LIMIT": "50", "RATE_LIMIT_BURST": "200", "TRUSTED_PROXIES": "10.0.0.0/8, ::1"])
                == RateLimit(perSecond: 50, burst: 200, proxies: blocks))
        for (name, value) in [
            ("RATE_LIMIT", "-1"), ("RATE_LIMIT", "0.5"), ("RATE_LIMIT_BURST", "0"),
            ("TRUSTED_PROXIES", "10.0.0.0/8, proxy"),
        ] {
            let error = #expect(throws: ConfigurationError.self) { try limit([name: value]) }
            #expect(error?.name == name)
        }
    }
}
