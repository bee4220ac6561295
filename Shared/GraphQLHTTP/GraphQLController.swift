// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
public import GraphQL
internal import HTTPTypes
public import Hummingbird
public import Metrics
public import ServiceKit

/// GraphQL over HTTP, the edition of September 2026: `POST` and `GET` of `/graphql`.
///
/// What is asked for in a way that every service refuses gets problem details: 400 for what is no JSON, 406, 413, 415, 422 for
/// parameters of wrong types. A well-formed request gets a GraphQL response, whatever comes of it.
///
/// A page of another origin cannot make a browser send a query in its user's name without asking first: a `POST` has a
/// `Content-Type` that no form can send, and a `GET` changes nothing.
///
/// `GET` by a browser that would rather have a page gets one to write queries on.
public struct GraphQLController<Context: Sendable>: HTTPController, Sendable {
    /// The most bytes of a body: of its document fewer are read, the rest are variables.
    private static var bodyLimit: Int { 64 << 10 }

    private let schema: ExecutableSchema<Context>
    private let text: ByteBuffer
    private let makeContext: @Sendable (Request) -> Context
    private let documents: DocumentCache
    private let metrics: GraphQLMetrics
    private let problems = ProblemTranslator()

    /// Serves a schema.
    ///
    /// - Parameters:
    ///   - schema: with the code that answers for it.
    ///   - text: the schema as it was written, for `/graphql/schema.graphql`.
    ///   - factory: makes the metrics.
    ///   - makeContext: what the resolvers of a request get.
    public init(
        _ schema: ExecutableSchema<Context>, text: [UInt8], metrics factory: any MetricsFactory = MetricsSystem.factory,
        _ makeContext: @escaping @Sendable (Request) -> Context
    ) {
        self.schema = schema
        self.text = ByteBuffer(bytes: text)
        self.makeContext = makeContext
        metrics = GraphQLMetrics(factory: factory)
        documents = DocumentCache(longest: DocumentLimits().bytes, metrics: metrics)
    }

    /// `/graphql`, the schema, and what the page loads.
    public var routes: RouteCollection<ServiceRequestContext> {
        let routes = RouteCollection(context: ServiceRequestContext.self)
        routes.post("graphql", use: post)
        routes.get("graphql", use: get)
        let text = text
        routes.get("graphql/schema.graphql") { _, _ in
            // There is no registered media type; what the specification's text calls it is text.
            Hummingbird.Response(
                status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-cache"],
                body: .init(byteBuffer: text))
        }
        routes.get("graphql/page/{file}") { _, context in
            guard let file = GraphQLPage.files[try context.segment("file")] else { throw ProblemDetails(.notFound) }
            return file.response
        }
        return routes
    }

    @Sendable
    private func post(_ request: Request, context: ServiceRequestContext) async throws -> Hummingbird.Response {
        let type = try mediaType(request)
        try request.requireContentType("application/json")
        let parameters = try GraphQLParameters(json: try await request.readBody(upTo: Self.bodyLimit))
        return try await respond(to: parameters, as: type, request, context)
    }

    @Sendable
    private func get(_ request: Request, context: ServiceRequestContext) async throws -> Hummingbird.Response {
        guard let type = try mediaType(request, orElse: "text/html") else {
            var page = GraphQLPage.page.response
            page.headers[.vary] = "Accept"
            return page
        }
        return try await respond(to: try GraphQLParameters(request), as: type, request, context)
    }

    private func mediaType(_ request: Request) throws(ProblemDetails) -> GraphQLMediaType {
        let types = GraphQLMediaType.allCases.map(\.rawValue)
        guard let type = AcceptField(request).preferred(of: types).flatMap(GraphQLMediaType.init) else {
            throw ProblemDetails(
                .notAcceptable, detail: "there are \(types.joined(separator: " and "))", headers: [.vary: "Accept"])
        }
        return type
    }

    /// - Returns: `nil` for a client that would rather have that other type.
    private func mediaType(_ request: Request, orElse other: String) throws(ProblemDetails) -> GraphQLMediaType? {
        let preferred = AcceptField(request).preferred(of: GraphQLMediaType.allCases.map(\.rawValue) + [other])
        return preferred == other ? nil : try mediaType(request)
    }

    private func respond(
        to parameters: GraphQLParameters, as type: GraphQLMediaType, _ request: Request,
        _ context: ServiceRequestContext
    ) async throws -> Hummingbird.Response {
        var response = try await answer(to: parameters, request, context).response(as: type)
        response.headers[.vary] = "Accept"
        // What is asked for by GET may be personal, and says nothing of how long it holds.
        response.headers[.cacheControl] = "no-store"
        return response
    }

    private func answer(
        to parameters: GraphQLParameters, _ request: Request, _ context: ServiceRequestContext
    ) async throws -> GraphQLAnswer {
        do {
            let document = try documents.document(parameters.query) { text throws(GraphQLErrors) in
                try schema.document(text)
            }
            let kind = try document.kind(ofOperation: parameters.operationName)
            guard kind == .query || request.method == .post else {
                let errors = GraphQLErrors(request: "A \(kind.rawValue) is not executed by GET.")
                metrics.count(errors.errors)
                return .notByGet(errors)
            }
            let response = try await inSpan(kind, context) {
                try await execute(document, parameters, request, context)
            }
            metrics.count(response.errors)
            if let fault = response.fault { problems.log(fault, to: context.logger) }
            return GraphQLAnswer(response)
        } catch let errors as GraphQLErrors {
            metrics.count(errors.errors)
            return GraphQLAnswer(errors)
        }
    }

    /// Executes in a span, which fails by what is our fault, not by what is the client's.
    ///
    /// As OpenTelemetry's conventions for GraphQL have it, but for the document and the operation's name: clients may write
    /// anything there.
    private func inSpan(
        _ kind: OperationKind, _ context: ServiceRequestContext, _ execute: () async throws -> GraphQL.Response
    ) async throws -> GraphQL.Response {
        let attributes = ["graphql.operation.type": kind.rawValue]
        let result = try await context.inSpan(kind.rawValue, attributes, failure: { try? $0.get().fault }) {
            do {
                return Result<GraphQL.Response, GraphQLErrors>.success(try await execute())
            } catch let errors as GraphQLErrors {
                return .failure(errors)
            }
        }
        return try result.get()
    }

    private func execute(
        _ document: ExecutableDocument, _ parameters: GraphQLParameters, _ request: Request,
        _ context: ServiceRequestContext
    ) async throws -> GraphQL.Response {
        let (schema, mine) = (schema, makeContext(request))
        return try await context.whileClientStays {
            let response = try await schema.execute(
                document, operationName: parameters.operationName, variables: parameters.variables, context: mine)
            // What comes of the rest, once nobody waits for it, is no answer.
            try Task.checkCancellation()
            return response
        }
    }
}

extension GraphQL.Response {
    /// The first of what went wrong that is not the client's fault: one, however many fields it concerns.
    fileprivate var fault: (any Error)? { errors.lazy.compactMap(\.cause).first { !($0 is FieldFailure) } }
}
