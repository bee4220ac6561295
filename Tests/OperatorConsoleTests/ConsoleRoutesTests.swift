// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import MongoDB
import ServiceKit
import Testing
import Users

@testable import OperatorConsole

@Suite("The console's routes")
struct ConsoleRoutesTests {
    /// Runs a body with a client of the console over servers that nobody asks.
    private func withConsole(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        let reader = try ServiceSettings.read(environment: ["CONSOLE": "on"])
        let telemetry = Telemetry(metrics: PrometheusMetrics())
        let settings = try #require(
            try ConsoleConfiguration(
                reader: reader, amqp: .init(url: "amqp://127.0.0.1:1"), mongodb: .init(uri: "mongodb://127.0.0.1:1")))
        let console = try OperatorConsole(
            [UserProjection.self], settings, readDatabase: "r", writeDatabase: "w", telemetry: telemetry)
        let http = HTTPService(
            name: "test", configuration: HTTPConfiguration(port: 0), health: Health([]), metrics: telemetry.metrics,
            logger: telemetry.logger(for: "test"))
        let router = http.makeRouter()
        router.addRoutes(console.routes)
        try await http.makeApplication(router: router).test(.router) { try await body($0) }
    }

    @Test("serve a page that runs and loads nothing but files of its own, all of which there are")
    func page() async throws {
        try await withConsole { client in
            let page = try await client.execute(uri: "/console", method: .get)
            #expect(page.status == .ok)
            let policy = try #require(page.headers[.contentSecurityPolicy])
            #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe") && !policy.contains("http"))
            var text = String(buffer: page.body)
            #expect(!text.contains("<style") && !text.contains("style=") && !text.contains("<script>"))
            for name in ["console.js"] {
                text += String(buffer: try await client.execute(uri: "/console/\(name)", method: .get).body)
            }
            for name in ConsoleAsset.files.keys {
                #expect(text.contains(name), "\(name) is never loaded")
                let file = try await client.execute(uri: "/console/\(name)", method: .get)
                #expect(file.status == .ok)
                let again = try await client.execute(
                    uri: "/console/\(name)", method: .get, headers: [.ifNoneMatch: try #require(file.headers[.eTag])])
                #expect(again.status == .notModified)
            }
            #expect(try await client.execute(uri: "/console/other.js", method: .get).status == .notFound)
        }
    }

    @Test("answer 404 for read models and actions that there are not")
    func unknown() async throws {
        try await withConsole { client in
            for path in ["dead-letters/things/replay", "projections/things/rebuild", "projections/users/destroy"] {
                let answer = try await client.execute(
                    uri: "/console/api/\(path)", method: .post, headers: [.requestedWith: "console"])
                #expect(answer.status == .notFound, "\(path)")
            }
        }
    }

    @Test("do nothing that cannot be recorded")
    func unrecorded() async throws {
        try await withConsole { client in
            let answer = try await client.execute(
                uri: "/console/api/projections/users/rebuild", method: .post, headers: [.requestedWith: "console"])
            #expect(answer.status == .serviceUnavailable)
        }
    }

    @Test("remove nothing that is not named")
    func unnamed() async throws {
        try await withConsole { client in
            for action in ["rollback", "finish", "cancel"] {
                for (body, status) in [("{}", HTTPResponse.Status.unprocessableContent), ("", .badRequest)] {
                    let answer = try await client.execute(
                        uri: "/console/api/projections/users/\(action)", method: .post,
                        headers: [.requestedWith: "console", .contentType: "application/json"],
                        body: ByteBuffer(string: body))
                    #expect(answer.status == status, "\(action) \(body)")
                }
            }
        }
    }

    private static let foreign: [(HTTPRequest.Method, HTTPFields)] = [
        (.get, [.secFetchSite: "cross-site"]), (.get, [.secFetchSite: "same-site"]),
        (.get, [.origin: "https://elsewhere.example"]), (.get, [.origin: "null"]),
        // A picture in another page, over plain HTTP.
        (.get, [:]),
        (.post, [:]), (.post, [.origin: "http://console.example"]),
        (.post, [.requestedWith: "console", .origin: "https://elsewhere.example"]),
        (.post, [.requestedWith: "console", .secFetchSite: "cross-site"]),
    ]

    @Test("refuse what comes from another origin, and what a form could send", arguments: foreign.indices)
    func origins(index: Int) {
        let (method, headers) = Self.foreign[index]
        #expect(!SameOriginMiddleware.isAllowed(request(method, headers)))
    }

    @Test("let the page in, and programs that are no browsers")
    func own() {
        let page: HTTPFields = [
            .requestedWith: "console", .origin: "https://Console.example", .secFetchSite: "same-origin",
        ]
        for method in [HTTPRequest.Method.get, .post] {
            #expect(SameOriginMiddleware.isAllowed(request(method, page)))
            #expect(SameOriginMiddleware.isAllowed(request(method, [.requestedWith: "curl"])))
        }
        #expect(SameOriginMiddleware.isAllowed(request(.get, [.secFetchSite: "none"])))
        // A page can send no field with a stream of events.
        #expect(SameOriginMiddleware.isAllowed(request(.get, [:]), isStream: true))
        #expect(!SameOriginMiddleware.isAllowed(request(.get, [.origin: "null"]), isStream: true))
        // Behind a proxy the host may be another one than the browser knows.
        let proxied: HTTPFields = [
            .requestedWith: "console", .origin: "https://public.example", .secFetchSite: "same-origin",
        ]
        #expect(SameOriginMiddleware.isAllowed(request(.post, proxied)))
    }

    private func request(_ method: HTTPRequest.Method, _ headers: HTTPFields) -> Request {
        Request(
            head: HTTPRequest(
                method: method, scheme: "http", authority: "console.example", path: "/console/api/x",
                headerFields: headers), body: .init(buffer: ByteBuffer()))
    }
}
