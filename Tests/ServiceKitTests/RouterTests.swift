// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Hummingbird
import HummingbirdTesting
import Testing

@testable import ServiceKit

@Suite("Router", .timeLimit(.minutes(1)))
struct RouterTests {
    private func send(
        _ uri: String, _ method: HTTPRequest.Method = .get, type: String? = "application/json", body: String? = nil,
        headers: HTTPFields = [:], service: TestService = TestService()
    ) async throws -> TestResponse {
        var headers = headers
        if body != nil, let type { headers[.contentType] = type }
        let sent = headers
        return try await service.application().test(.router) { client in
            try await client.execute(
                uri: uri, method: method, headers: sent, body: body.map { ByteBuffer(string: $0) })
        }
    }

    private func problem(_ response: TestResponse) throws -> JSONObject {
        #expect(response.headers[.contentType] == "application/problem+json")
        return try #require(try JSON.parseObject(Array(response.body.readableBytesView)))
    }

    @Test("a good request is answered by its handler, with a request id")
    func good() async throws {
        let response = try await send("/people", .post, body: #"{"name":"Ada"}"#)
        #expect(response.status == .accepted)
        #expect(String(buffer: response.body) == #"{"name":"Ada"}"#)
        #expect(response.headers[.requestID]?.count == 32)
    }

    @Test(
        "an answer is for its client alone unless it says otherwise",
        arguments: [("/people/x", "private, no-cache"), ("/live", "no-store"), ("/nowhere", "no-store")])
    func caches(uri: String, expected: String) async throws {
        #expect(try await send(uri).headers[.cacheControl] == expected)
    }

    @Test("the root says what the service is, and leads to what there is")
    func root() async throws {
        let response = try await send("/")
        #expect(
            String(buffer: response.body)
                == #"{"service":"test","version":"\#(projectVersion)","links":{"health":"/health","#
                + #""ready":"/ready","live":"/live","metrics":"/metrics"}}"#)
    }

    @Test("a well-formed X-Request-ID is kept, any other is replaced")
    func requestID() async throws {
        let kept = try await send("/live", headers: [.requestID: "abc-1.2_3"])
        #expect(kept.headers[.requestID] == "abc-1.2_3")
        for bad in ["ada@example.org", "", String(repeating: "a", count: 129), "a b"] {
            let replaced = try await send("/live", headers: [.requestID: bad])
            #expect(replaced.headers[.requestID] != bad)
        }
    }

    @Test("without any identity the request is named by the trace that begins with it")
    func newTrace() async throws {
        let response = try await send("/trace")
        #expect(response.headers[.requestID] == String(buffer: response.body))
    }

    @Test("without X-Request-ID the trace id of traceparent is the request id")
    func traceID() async throws {
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let response = try await send("/live", headers: [.traceParent: trace])
        #expect(response.headers[.requestID] == "0af7651916cd43dd8448eb211c80319c")
    }

    @Test("an unknown path is a problem with 404")
    func unknownPath() async throws {
        let response = try await send("/nothing/here")
        #expect(response.status == .notFound)
        #expect(try problem(response)["type"] == "/problems/not-found")
    }

    @Test("a known path with another method is a problem with 405 and Allow")
    func wrongMethod() async throws {
        let response = try await send("/people/a", .delete)
        #expect(response.status == .methodNotAllowed)
        #expect(response.headers[.allow] == "GET, HEAD, OPTIONS")
        #expect(try problem(response)["type"] == "/problems/method-not-allowed")
    }

    @Test("Allow does not have the methods of a pattern that matches, too, but does not serve the path")
    func allowedOfLiteral() async throws {
        let response = try await send("/people/import", .get)
        #expect(response.status == .methodNotAllowed)
        #expect(response.headers[.allow] == "OPTIONS, POST")
    }

    @Test("HEAD has the headers of GET and no body")
    func head() async throws {
        let response = try await send("/people/abc", .head)
        #expect(response.status == .ok)
        #expect(response.headers[.contentLength] == "3")
        #expect(response.body.readableBytes == 0)
        let missing = try await send("/nothing", .head)
        #expect(missing.status == .notFound)
        #expect(missing.body.readableBytes == 0)
    }

    @Test("malformed JSON is a problem with 400 that says where")
    func malformedJSON() async throws {
        let response = try await send("/people", .post, body: "{\"name\":\n \"Ada\",}")
        #expect(response.status == .badRequest)
        let problem = try problem(response)
        #expect(problem["type"] == "/problems/malformed-json")
        #expect(problem["line"] == 2)
        #expect(problem["column"] == 8)
        #expect(problem["offset"] == 16)
    }

    @Test("every invalid and unknown field is named in one problem with 422")
    func invalidFields() async throws {
        let response = try await send("/people", .post, body: #"{"emial":"x","email":7,"a/b~":null}"#)
        #expect(response.status == .unprocessableContent)
        guard case .array(let errors) = try problem(response)["errors"] else {
            Issue.record("no errors")
            return
        }
        let pointers = errors.compactMap { error -> String? in
            guard case .object(let error) = error, case .string(let pointer) = error["pointer"] else { return nil }
            return pointer
        }
        #expect(Set(pointers) == ["/name", "/email", "/emial", "/a~1b~0"])
    }

    @Test("a document that is no object is a problem with 422", arguments: ["[]", "1", "null", #""x""#])
    func noObject(_ body: String) async throws {
        let response = try await send("/people", .post, body: body)
        #expect(response.status == .unprocessableContent)
    }

    @Test(
        "another media type is a problem with 415",
        arguments: [nil, "text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
    func mediaType(_ type: String?) async throws {
        let response = try await send("/people", .post, type: type, body: "{}")
        #expect(response.status == .unsupportedMediaType)
        #expect(response.headers[.acceptPost] == "application/json")
        #expect(try problem(response)["type"] == "/problems/unsupported-media-type")
    }

    @Test("parameters and case of the media type do not matter")
    func mediaTypeParameters() async throws {
        let response = try await send(
            "/people", .post, type: "Application/JSON ; charset=utf-8", body: #"{"name":"Ada"}"#)
        #expect(response.status == .accepted)
    }

    @Test("a body over the limit is a problem with 413")
    func tooLarge() async throws {
        let response = try await send("/people", .post, body: String(repeating: " ", count: 16 << 10) + "{}")
        #expect(response.status == .contentTooLarge)
        #expect(try problem(response)["type"] == "/problems/content-too-large")
    }

    @Test("an unknown error is a bare 500 without its text")
    func unknownError() async throws {
        let response = try await send("/fails")
        #expect(response.status == .internalServerError)
        let problem = try problem(response)
        #expect(problem["type"] == "/problems/internal-error")
        #expect(!String(buffer: response.body).contains("ada"))
    }

    @Test("a service says what its own errors become")
    func ownError() async throws {
        let response = try await send("/tea")
        #expect(response.status.code == 418)
        #expect(try problem(response)["type"] == "/problems/teapot")
    }

    @Test("metrics have the route's template, not the path")
    func metricLabels() async throws {
        let service = TestService()
        try await service.application().test(.router) { client in
            try await client.execute(uri: "/people/ada@example.org", method: .get)
            try await client.execute(uri: "/people/ada@example.org", method: .init("BREW")!)
            let scrape = try await client.execute(uri: "/metrics", method: .get)
            let text = String(buffer: scrape.body)
            #expect(scrape.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(
                text.contains(#"http_server_requests_total{method="GET",route="/people/{email}",status="200"} 1"#))
            #expect(text.contains(#"http_server_requests_total{method="OTHER",route="unmatched",status="501"} 1"#))
            #expect(!text.contains("ada@"))
        }
    }
}
