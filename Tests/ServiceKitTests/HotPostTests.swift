// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Foundation
import HTTPTestSupport
import NIOCore
import ServiceLifecycle
import TestSupport
import Testing

@testable import ServiceKit

/// `POST /people`, worked on ahead of the router.
@Suite("A hot route that takes its time", .timeLimit(.minutes(1)))
struct HotPostTests {
    private func service(
        gate: Gate = Gate(isOpen: true), entered: Counter = Counter(),
        _ change: (inout HTTPConfiguration) -> Void = { _ in }
    ) -> TestService {
        var service = TestService(change)
        service.hot = .post("/people", bodyLimit: 64) { request in
            .task {
                entered.add()
                await gate.pass()
                let body = String(buffer: request.body)
                if body.contains("tea") { throw TeapotError() }
                if body.contains("secret") { throw SecretError(text: "ada@example.org") }
                let answer = "\"\(body.filter(\.isNumber)) \(request.trace.traceID)\""
                return HotAnswer(.accepted, fields: [("X-Hot", "yes")], body: ByteBuffer(string: answer))
            }
        }
        return service
    }

    private func post(_ body: String, _ fields: String = "Content-Type: application/json\r\n") -> String {
        "POST /people HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// The router's, and the end of the connection.
    private let last = "GET /people/last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    @Test("answers with all fields that the router's answers have, and counts")
    func plain() async throws {
        let service = service()
        try await withLiveService(service) { live in
            let answer = try await live.exchange(
                post("[7]", "Content-Type: application/json\r\nX-Request-ID: abc.7\r\n") + last)
            let head = answer.prefix { $0 != "\"" }
            #expect(head.hasPrefix("HTTP/1.1 202 Accepted\r\n"))
            for field in ["X-Hot: yes", "Content-Type: application/json", "Content-Length: 36", "X-Request-ID: abc.7"] {
                #expect(head.contains("\r\n\(field)\r\n"), "\(field) \(answer)")
            }
            #expect(head.contains(/\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/))
            #expect(answer.contains(/\r\n\r\n"7 [0-9a-f]{32}"HTTP\/1.1 200 OK/))
            let metrics = String(decoding: service.metrics.render(), as: UTF8.self)
            #expect(metrics.contains(#"http_server_requests_total{method="POST",route="/people",status="202"} 1"#))
            #expect(metrics.contains("http_server_requests_in_flight 0"))
        }
    }

    @Test(
        "names the trace that the client is in, or else a new one with the request's identifier",
        arguments: [
            ("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n", true),
            ("", false),
        ])
    func trace(field: String, isKnown: Bool) async throws {
        try await withLiveService(service()) { live in
            let answer = try await live.exchange(post("1", "Content-Type: application/json\r\n" + field) + last)
            let id = try #require(answer.firstMatch(of: /X-Request-ID: ([0-9a-f]{32})\r\n/)?.1)
            #expect(answer.contains("\"1 \(id)\""), "\(answer)")
            if isKnown { #expect(id == "0af7651916cd43dd8448eb211c80319c") }
        }
    }

    @Test("has problems that are the router's", arguments: [("tea", 418), ("secret", 500)])
    func problems(body: String, status: Int) async throws {
        let service = service()
        try await withLiveService(service) { live in
            let id = "X-Request-ID: one\r\n"
            let hot = try await live.exchange(post(body, "Content-Type: application/json\r\n" + id) + last)
            let path = status == 418 ? "/tea" : "/fails"
            let cold = try await live.exchange("GET \(path) HTTP/1.1\r\nHost: a\r\n\(id)\r\n" + last)
            /// Without the date, which may be another.
            func fields(_ answer: String) -> [String] {
                answer.components(separatedBy: "HTTP/1.1 200 OK")[0].split(separator: "\r\n").map(String.init)
                    .filter { !$0.lowercased().hasPrefix("date:") }.map { $0.hasPrefix("{") ? $0 : $0.lowercased() }
            }
            #expect(Set(fields(hot)) == Set(fields(cold)))
            #expect(hot.hasPrefix("HTTP/1.1 \(status) "))
            #expect(!hot.contains("ada@"))
            let metrics = String(decoding: service.metrics.render(), as: UTF8.self)
            #expect(
                metrics.contains(#"http_server_requests_total{method="POST",route="/people",status="\#(status)"} 1"#))
        }
    }

    @Test(
        "leaves everything else to the router",
        arguments: [
            "Content-Type: application/json; charset=utf-8\r\n", "", "Content-Type: text/plain\r\n",
            "Content-Type: application/json\r\nContent-Type: application/json\r\n",
            "Content-Type: application/json\r\nIdempotency-Key: k\r\n",
            "Content-Type: application/json\r\nContent-Encoding: identity\r\n",
            "Content-Type: application/json\r\nExpect: 100-continue\r\n",
            "Content-Type: application/json\r\nIf-Match: \"1\"\r\n",
        ])
    func passing(fields: String) async throws {
        let entered = Counter()
        try await withLiveService(service(entered: entered)) { live in
            let answer = try await live.exchange(post(#"{"name":"Ada"}"#, fields) + last)
            #expect(answer.hasPrefix("HTTP/1.1 "), "\(answer)")
            #expect(!answer.contains("X-Hot"))
            #expect(entered.value == 0)
        }
    }

    @Test("leaves other paths, long bodies, chunks, and what comes in pieces to the router")
    func shapes() async throws {
        let entered = Counter()
        try await withLiveService(service(entered: entered)) { live in
            let long = #"{"name":"\#(String(repeating: "a", count: 64))"}"#
            #expect(try await live.exchange(post(long) + last).hasPrefix("HTTP/1.1 202 Accepted"))
            let other = post("{}").replacing("/people", with: "/people?a=b")
            #expect(try await live.exchange(other + last).hasPrefix("HTTP/1.1 422 "))
            let chunks =
                "POST /people HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "2\r\n{}\r\n0\r\n\r\n"
            #expect(try await live.exchange(chunks + last).hasPrefix("HTTP/1.1 422 "))
            let pieces = try await live.connect { connection in
                let request = post(#"{"name":"Ada"}"#)
                for piece in [request.prefix(30), request.dropFirst(30).dropLast(5), request.suffix(5)] {
                    try await connection.send(String(piece))
                    // What was sent must not be read together with the next piece.
                    try await Task.sleep(for: .milliseconds(100))
                }
                try await connection.send(last)
                return try await connection.readToEnd()
            }
            #expect(pieces.hasPrefix("HTTP/1.1 202 Accepted"))
            #expect(pieces.contains(#"{"name":"Ada"}"#))
            #expect(entered.value == 0)
        }
    }

    @Test("holds what comes behind, keeps its order, and takes it up again")
    func pipelined() async throws {
        let (gate, entered) = (Gate(), Counter())
        try await withLiveService(service(gate: gate, entered: entered)) { live in
            let requests = (0..<100).map { number in
                number % 5 == 3
                    ? "GET /people/c\(number) HTTP/1.1\r\nHost: a\r\n\r\n" : post(#"{"name":"c\#(number)"}"#)
            }
            let answer = try await live.connect { connection in
                try await connection.send(requests[..<50].joined())
                try await eventually("the first") { entered.value == 1 }
                try await connection.send(requests[50...].joined() + last)
                gate.open()
                return try await within(.seconds(20)) { try await connection.readToEnd() }
            }
            let numbers = answer.matches(of: /\r\n\r\n(?:"|c|{"name":"c)(\d+)/).map { Int($0.1) }
            #expect(numbers == Array(0..<100))
        }
    }

    @Test("answers a client that has said that it sends nothing more, and one whose next bytes are no HTTP")
    func ends() async throws {
        let (gate, entered) = (Gate(), Counter())
        try await withLiveService(service(gate: gate, entered: entered)) { live in
            let finished = try await live.connect { connection in
                try await connection.send(post("1"))
                try await eventually("the first") { entered.value == 1 }
                connection.finish()
                gate.open()
                return try await within(.seconds(10)) { try await connection.readToEnd() }
            }
            #expect(finished.contains("\"1 "))
            let broken = try await within(.seconds(10)) { try await live.exchange(post("2") + "no HTTP\r\n\r\n") }
            #expect(broken.contains("\"2 "))
            #expect(broken.contains("HTTP/1.1 400 "), "\(broken)")
        }
    }

    @Test("is not begun for a request that is complete only after its time is over", arguments: [24, 90])
    func late(sizeInTime: Int) async throws {
        let entered = Counter()
        let service = service(entered: entered) { $0.receiveTimeout = .milliseconds(300) }
        try await withLiveService(service) { live in
            // The first ends within its head or within its body; the second is behind the time anyway.
            let requests = post("[1234567890]") + post("[2]")
            let answer = try await live.connect { connection in
                try await connection.send(String(requests.prefix(sizeInTime)))
                let answer = try await within(.seconds(10)) {
                    try await connection.readToEnd {
                        // The server has answered and reads on, for a client that is late by little.
                        try await connection.send(String(requests.dropFirst(sizeInTime)))
                    }
                }
                connection.finish()
                return answer
            }
            #expect(answer.hasPrefix("HTTP/1.1 408 "), "\(answer)")
            #expect(!answer.contains("HTTP/1.1 202"))
            try await eventually("everything is read") {
                String(decoding: service.metrics.render(), as: UTF8.self).contains("http_connections_open 0")
            }
            #expect(entered.value == 0)
        }
    }

    @Test("is not silence: neither the time for a request nor the idle time counts while it is worked on")
    func limits() async throws {
        let (gate, entered) = (Gate(), Counter())
        let service = service(gate: gate, entered: entered) {
            $0.receiveTimeout = .milliseconds(300)
            $0.idleTimeout = .milliseconds(300)
        }
        try await withLiveService(service) { live in
            let answer = try await live.connect { connection in
                try await connection.send(post("1"))
                try await eventually("the first") { entered.value == 1 }
                // Time is what is tested.
                try await Task.sleep(for: .milliseconds(900))
                gate.open()
                // Now it is the client who is silent.
                return try await within(.seconds(10)) { try await connection.readToEnd() }
            }
            #expect(answer.contains("\"1 "))
            #expect(!answer.contains("HTTP/1.1 408"))
        }
    }

    @Test("is finished when the server stops, and its answer says that it is the last")
    func stopping() async throws {
        let (gate, entered) = (Gate(), Counter())
        try await withLiveService(service(gate: gate, entered: entered)) { live in
            let answer = try await live.connect { connection in
                try await connection.send(post("1"))
                try await eventually("the first") { entered.value == 1 }
                await live.group.triggerGracefulShutdown()
                // Connections are told of the stop before the listener closes.
                try await eventually("the stop") { (try? await live.connect { _ in true }) == nil }
                gate.open()
                return try await within(.seconds(10)) { try await connection.readToEnd() }
            }
            #expect(answer.contains("\"1 "))
            #expect(answer.contains("Connection: close\r\n"), "\(answer)")
        }
    }

    @Test("outlives its client")
    func gone() async throws {
        let (gate, entered) = (Gate(), Counter())
        let service = service(gate: gate, entered: entered)
        try await withLiveService(service) { live in
            try await live.connect { connection in
                try await connection.send(post("1"))
                try await eventually("the first") { entered.value == 1 }
            }
            gate.open()
            try await eventually("counted") {
                String(decoding: service.metrics.render(), as: UTF8.self)
                    .contains(#"http_server_requests_total{method="POST",route="/people",status="202"} 1"#)
            }
        }
    }
}
