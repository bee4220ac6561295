// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import HTTPTestSupport
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@testable import ServiceKit

@Suite("OpenAPI", .timeLimit(.minutes(1)))
struct OpenAPITests {
    private static let document = OpenAPIDocument(
        Array(#"{"openapi":"3.1.1","info":{"title":"test"},"paths":{"/live":{"get":{"summary":"mine"}}}}"#.utf8))

    private func get(_ uri: String) async throws -> TestResponse {
        let http = HTTPService(
            name: "test", configuration: HTTPConfiguration(port: 0), health: Health([]), metrics: PrometheusMetrics(),
            logger: Logger(label: "test"))
        let router = http.makeRouter()
        router.addRoutes(OpenAPIController(document: Self.document).routes)
        return try await http.makeApplication(router: router).test(.router) { client in
            try await client.execute(uri: uri, method: .get)
        }
    }

    @Test("the document served is the API's own, with what every service has, and the version")
    func document() async throws {
        let response = try await get("/openapi.json")
        #expect(response.headers[.contentType] == "application/json")
        #expect(response.headers[.cacheControl] == "no-cache")
        let api = try DescribedAPI(Array(response.body.readableBytesView))
        #expect(try api.document.object("info")["title"] == "test")
        #expect(try api.document.object("info")["version"] == .string(projectVersion))
        #expect(api.operations.map(\.route).contains("GET /ready"))
        #expect(api.danglingReferences == [])
    }

    @Test("what the API says itself comes before what every service has")
    func precedence() throws {
        let live = try #require(try DescribedAPI(Self.document.json).operations.first)
        #expect(live.route == "GET /live")
        #expect(live.members["summary"] == "mine")
        #expect(live.members["responses"] != nil)
    }

    @Test("each part of the API adds its methods and components")
    func parts() throws {
        let api = try DescribedAPI(
            OpenAPIDocument(
                Array(#"{"paths":{"/a":{"get":{}}},"components":{"schemas":{"A":{}}}}"#.utf8),
                [Array(#"{"paths":{"/a":{"put":{}},"/b":{"get":{}}},"components":{"schemas":{"B":{}}}}"#.utf8)]
            ).json)
        #expect(api.operations.map(\.route).prefix(3) == ["GET /a", "PUT /a", "GET /b"])
        #expect(try api.document.object("components").object("schemas").members.map(\.name).prefix(2) == ["A", "B"])
    }

    @Test("no two parts describe the same component")
    func duplicates() async {
        await #expect(processExitsWith: .failure) {
            let part = Array(#"{"components":{"schemas":{"A":{}}}}"#.utf8)
            _ = OpenAPIDocument(part, [part])
        }
    }

    @Test("the page may load nothing but its own parts, and call nothing but its own service")
    func policy() async throws {
        let response = try await get("/docs")
        #expect(response.headers[.contentType] == "text/html; charset=utf-8")
        #expect(response.headers[.cacheControl] == "no-store")
        #expect(response.headers[.xContentTypeOptions] == "nosniff")
        let policy = try #require(response.headers[.contentSecurityPolicy])
        let nonce = try #require(policy.firstMatch(of: /script-src 'nonce-([a-z0-9]+)'/)).1
        #expect(policy.contains("default-src 'none'; "))
        #expect(policy.contains("style-src 'nonce-\(nonce)'; connect-src 'self'; "))
        let page = String(buffer: response.body)
        #expect(page.contains("<script nonce=\"\(nonce)\">"))
        #expect(page.contains("<style nonce=\"\(nonce)\">"))
        #expect(!page.contains("{nonce}"))
    }

    @Test("no two answers have the same nonce")
    func nonce() async throws {
        let policies = [try await get("/docs"), try await get("/docs")].map { $0.headers[.contentSecurityPolicy] }
        #expect(policies[0] != policies[1])
    }

    @Test("the page names no other place: without two slashes in a row there is none")
    func offline() async throws {
        #expect(!String(buffer: try await get("/docs").body).contains("//"))
    }
}
