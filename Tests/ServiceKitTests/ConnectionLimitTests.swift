// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTestSupport
import TestSupport
import Testing

@testable import ServiceKit

@Suite("A server with as many clients as it bears", .timeLimit(.minutes(1)))
struct ConnectionLimitTests {
    private func get(_ path: String, _ live: Live) async throws -> String {
        try await within(.seconds(10), path) {
            try await live.exchange("GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        }
    }

    /// Runs a body while a connection that has had an answer stays open.
    private func holding(
        _ live: Live, _ request: String = "GET /live HTTP/1.1\r\nHost: a\r\n\r\n", until text: String = "true",
        _ body: @Sendable () async throws -> Void
    ) async throws {
        struct Done: Error {}
        do {
            try await live.connect { connection in
                try await connection.send(request)
                // The only way to leave a stream that does not end.
                _ = try await connection.readToEnd(when: text) {
                    try await body()
                    throw Done()
                }
            }
        } catch is Done {}
    }

    @Test("answers probes, refuses anything else, and serves again once one of them has left")
    func probes() async throws {
        try await withLiveService(TestService { $0.maxConnections = 2 }) { live in
            try await holding(live) {
                try await holding(live) {
                    for path in ["/live", "/ready?x=1", "/health", "/metrics"] {
                        let answer = try await get(path, live)
                        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(path): \(answer)")
                    }
                    let refused = try await get("/people/x", live)
                    #expect(refused.hasPrefix("HTTP/1.1 503 "), "\(refused)")
                    #expect(refused.contains("\r\nRetry-After: 1\r\n"), "\(refused)")
                    #expect(refused.contains("/problems/unavailable"), "\(refused)")
                    let metrics = try await get("/metrics", live)
                    #expect(metrics.contains(#"http_server_failed_connections_total{status="503"} 1"#))
                }
                try await eventually("a place") { try await get("/people/x", live).hasPrefix("HTTP/1.1 200 ") }
            }
        }
    }

    @Test("lets silent clients beyond go soon")
    func silence() async throws {
        let service = TestService {
            $0.maxConnections = 1
            $0.idleTimeout = .seconds(60)
        }
        try await withLiveService(service) { live in
            try await holding(live) {
                let answer = try await within(.seconds(20)) { try await live.connect { try await $0.readToEnd() } }
                #expect(answer == "")
            }
        }
    }

    @Test("answers probes when more are silent than there is room for beyond")
    func flood() async throws {
        let service = TestService {
            $0.maxConnections = 1
            $0.idleTimeout = .seconds(60)
        }
        try await withLiveService(service) { live in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<(2 * ConnectionLimit.reserve) {
                    // Whoever is let go comes again, so that the house stays full.
                    group.addTask {
                        while !Task.isCancelled { _ = try? await live.connect { try await $0.readToEnd() } }
                    }
                }
                try await eventually("a full house") {
                    String(decoding: service.metrics.render(), as: UTF8.self)
                        .contains("http_connections_open \(1 + ConnectionLimit.reserve)\n")
                }
                #expect(try await get("/live", live).hasPrefix("HTTP/1.1 200 OK\r\n"))
                group.cancelAll()
            }
        }
    }

    @Test("leaves half of them to short requests, and begins a stream again when one has ended")
    func streams() async throws {
        let service = TestService { $0.maxConnections = 2 }
        try await withLiveService(service) { live in
            let request = "GET /stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            try await holding(live, request, until: "id: 2\n") {
                let refused = try await within(.seconds(10)) { try await live.exchange(request) }
                #expect(refused.hasPrefix("HTTP/1.1 503 "), "\(refused)")
                #expect(refused.contains("\r\nRetry-After: 5\r\n"), "\(refused)")
                #expect(try await get("/people/x", live).hasPrefix("HTTP/1.1 200 "))
                let metrics = try await get("/metrics", live)
                #expect(metrics.contains("\nhttp_streams_open 1\n"))
                #expect(metrics.contains("\nhttp_streams_refused_total 1\n"))
            }
            try await eventually("a place") {
                let answer = try await live.connect { stream in
                    try await stream.send(request)
                    return try await within(.seconds(10)) { try await stream.read(until: "\r\n\r\n") }
                }
                return answer.hasPrefix("HTTP/1.1 200 ")
            }
        }
    }

    @Test("a stream's HEAD takes no place for longer than its answer")
    func head() async throws {
        try await withLiveService(TestService { $0.maxConnections = 2 }) { live in
            for _ in 0..<3 {
                let answer = try await within(.seconds(10)) {
                    try await live.exchange("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n")
                }
                #expect(answer.contains(" 200 OK\r\n"), "\(answer)")
            }
        }
    }
}
