// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Gzip
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Compresses long answers for clients that want it: lists, histories, documents, metrics.
///
/// Never streams, whose length nobody knows, and never an answer with a strong entity tag: that names bytes, so each
/// coding would need one of its own (RFC 9110 §8.8.3.3), and those answers are short.
struct CompressionMiddleware: RouterMiddleware {
    /// The context of the routes.
    typealias Context = ServiceRequestContext

    /// Shorter ones fit into a packet as they are. Longer ones would keep a thread busy.
    static let lengths = 1 << 10...4 << 20
    /// `POST` where it asks, as GraphQL's does: what a command answers with 200 is short.
    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post]
    /// 200, and 294, by which GraphQL says that there are errors beside the data. Problems are short.
    private static let statuses: Set<Int> = [200, 294]
    private static let mediaTypes = [
        "application/json", "application/graphql-response+json", "text/html", "text/plain",
    ]

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard isNegotiable(response, of: request), let length = response.headers[.contentLength].flatMap({ Int($0) })
        else { return response }
        response.headers.append(HTTPField(name: .vary, value: "Accept-Encoding"))
        guard Self.lengths.contains(length), AcceptEncoding.prefersGzip(request.headers[.acceptEncoding])
        else { return response }
        guard request.method != .head else {
            // The length that GET would tell is not known (RFC 9110 §8.6).
            response.headers[.contentLength] = nil
            return response
        }
        let collector = BodyCollector()
        try await response.body.write(collector)
        response.body = ResponseBody(byteBuffer: try Gzip.compress(collector.body))
        response.headers[.contentEncoding] = "gzip"
        return response
    }

    private func isNegotiable(_ response: Response, of request: Request) -> Bool {
        guard Self.methods.contains(request.method), Self.statuses.contains(response.status.code),
            response.headers[.eTag] == nil, response.headers[.contentEncoding] == nil,
            let type = response.headers[.contentType]
        else { return false }
        return Self.mediaTypes.contains { type.hasPrefix($0) }
    }
}
