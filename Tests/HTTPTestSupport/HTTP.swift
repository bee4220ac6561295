// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AsyncHTTPClient
public import NIOCore
import NIOHTTP1

/// An answer, whole.
public struct HTTPAnswer: Sendable {
    /// The status code.
    public let status: Int
    private let headers: HTTPHeaders
    /// The body.
    public let body: String

    init(status: Int, headers: HTTPHeaders, body: String) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header field of a name, in any case.
    public func header(_ name: String) -> String? { headers.first(name: name) }
}

/// A small HTTP client for tests, which keeps connections and never follows redirects.
public enum HTTP {
    /// Sends a GET.
    public static func get(
        _ url: String, headers: [(String, String)] = [], timeout: TimeAmount = .seconds(10)
    ) async throws -> HTTPAnswer {
        try await send(HTTPClientRequest(url: url), headers, timeout)
    }

    /// Sends a POST with a JSON body.
    public static func post(
        _ url: String, json: String, headers: [(String, String)] = [], timeout: TimeAmount = .seconds(30)
    ) async throws -> HTTPAnswer {
        try await send("POST", url, json: json, headers: headers, timeout: timeout)
    }

    /// Sends any request, with a body if there is one, JSON unless said otherwise.
    public static func send(
        _ method: String, _ url: String, json: String? = nil, type: String = "application/json",
        headers: [(String, String)] = [], timeout: TimeAmount = .seconds(30)
    ) async throws -> HTTPAnswer {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method)
        guard let json else { return try await send(request, headers, timeout) }
        request.body = .bytes(ByteBuffer(string: json))
        return try await send(request, [("Content-Type", type)] + headers, timeout)
    }

    /// As many connections as a load needs; lives as long as the tests.
    static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    private static func send(
        _ request: HTTPClientRequest, _ headers: [(String, String)], _ timeout: TimeAmount
    ) async throws -> HTTPAnswer {
        var request = request
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let response = try await client.execute(request, timeout: timeout)
        let body = try await response.body.collect(upTo: 16 << 20)
        return HTTPAnswer(status: Int(response.status.code), headers: response.headers, body: String(buffer: body))
    }
}
