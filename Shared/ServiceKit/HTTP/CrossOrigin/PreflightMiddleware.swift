// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HTTPTypes
internal import Hummingbird

/// Answers preflights (Fetch standard, "CORS-preflight request") for all paths: ahead of what may refuse requests, since a
/// browser sends them without credentials and shows their answers to nobody. Whether they were right is said by
/// ``CrossOriginHandler``, as of any answer.
struct PreflightMiddleware: RouterMiddleware {
    /// The context of the routes.
    typealias Context = ServiceRequestContext

    let routes: RouteTable

    /// Answers a preflight, and goes on with anything else.
    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard request.method == .options, request.headers[.origin] != nil,
            request.headers[.accessControlRequestMethod] != nil
        else { return try await next(request, context) }
        let methods = routes.methods(of: request.uri.path)
        // Where there is nothing, the request itself may come, and see the 404.
        let fields = CrossOriginPolicy.preflightFields(methods: methods.isEmpty ? routes.methods : methods)
        return Response(status: .noContent, headers: fields)
    }
}
