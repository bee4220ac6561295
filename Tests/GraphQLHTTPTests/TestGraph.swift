// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import GraphQL
import GraphQLHTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import ServiceKit
import TestSupport
import Tracing

/// A service with a small schema.
struct TestGraph {
    static let text = """
        type Query {
          hello(name: String = "world"): String!
          fails: String
          failsHard: String!
          refuses: String
          waits: String
          node: Node!
        }
        type Node { node: Node!  nodes: [Node!]!  name: String! }
        type Mutation { change: Int }
        """

    struct Secret: Error, CustomStringConvertible {
        let description = "mongodb://10.0.0.1 said: no"
    }

    private struct Node: GraphQLObject {}

    /// What `waits` calls once it is asked for.
    var waits: @Sendable () async throws -> Void = {}
    var tracer: (any Tracer)?
    /// What a service reads of its environment: whose pages may ask, and how often a client may.
    var environment: [String: String] = [:]
    var logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    func application() throws -> some ApplicationProtocol {
        let telemetry = PrometheusMetrics()
        let settings = try ServiceSettings.read(environment: environment)
        let http = HTTPService(
            name: "test", configuration: HTTPConfiguration(port: 0), health: Health([]), metrics: telemetry,
            logger: logger, rateLimit: try RateLimit(reader: settings),
            crossOrigin: try CrossOriginPolicy(reader: settings), tracer: tracer)
        let router = http.makeRouter()
        let schema = try ExecutableSchema(try Schema(Self.text), resolvers)
        let graph = GraphQLController(schema, text: Array(Self.text.utf8), metrics: telemetry) { _ in () }
        router.addRoutes(graph.routes)
        return http.makeApplication(router: router)
    }

    private var resolvers: Resolvers<Void> {
        var resolvers = Resolvers<Void>()
        let waits = waits
        resolvers.object("Query", of: RootObject.self) { query in
            query.property("hello") { _, arguments in "Hello, \(arguments.string("name") ?? "nobody")" }
            query.field("fails") { _, _, _ -> String? in throw Secret() }
            query.field("failsHard") { _, _, _ -> String in throw Secret() }
            query.field("refuses") { _, _, _ -> String? in throw FieldFailure("Not today.") }
            query.field("waits") { _, _, _ -> String? in
                try await waits()
                return "done"
            }
            query.property("node") { _ in Node() }
        }
        resolvers.object("Node", of: Node.self) { node in
            node.property("node") { $0 }
            node.property("nodes") { Array(repeating: $0, count: 100) }
            node.property("name") { _ in "Ada" }
        }
        resolvers.object("Mutation", of: RootObject.self) { mutation in mutation.property("change") { _ in 1 } }
        return resolvers
    }

    /// Runs a body with a client of the service's router.
    func run(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        try await application().test(.router) { try await body($0) }
    }
}

/// An answer as clients see it.
struct GraphAnswer {
    let status: Int
    let type: String?
    let headers: HTTPFields
    let body: String
}

extension TestClientProtocol {
    /// Sends a `POST`.
    func post(
        _ body: String, accept: String? = "application/graphql-response+json", type: String? = "application/json",
        encoding: String? = nil
    ) async throws -> GraphAnswer {
        var headers: HTTPFields = [:]
        headers[.accept] = accept
        headers[.contentType] = type
        headers[.acceptEncoding] = encoding
        return try await execute(uri: "/graphql", method: .post, headers: headers, body: ByteBuffer(string: body)) {
            GraphAnswer($0)
        }
    }

    /// Sends a `POST` with a query alone.
    func ask(_ query: String) async throws -> GraphAnswer {
        var json = JSONWriter()
        json.beginObject()
        json.member("query", query)
        json.endObject()
        return try await post(String(decoding: json.bytes, as: UTF8.self))
    }

    /// Sends a request without a body, such as a `GET` with a query that needs no escapes.
    func get(
        _ query: String, accept: String? = "application/graphql-response+json", method: HTTPRequest.Method = .get
    ) async throws -> GraphAnswer {
        var headers: HTTPFields = [:]
        headers[.accept] = accept
        return try await execute(uri: "/graphql\(query)", method: method, headers: headers) { GraphAnswer($0) }
    }
}

extension GraphAnswer {
    fileprivate init(_ response: TestResponse) {
        self.init(
            status: Int(response.status.code), type: response.headers[.contentType], headers: response.headers,
            body: String(buffer: response.body))
    }
}
