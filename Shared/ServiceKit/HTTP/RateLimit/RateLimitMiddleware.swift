// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HTTPTypes
internal import Hummingbird

/// Asks the ``RateLimiter`` about everything that comes to the router but probes; ``HotRequestHandler`` does for what does not.
struct RateLimitMiddleware: RouterMiddleware {
    /// The context of the routes.
    typealias Context = ServiceRequestContext

    let limiter: RateLimiter

    /// Goes on, or answers 429; tells in either case what is left.
    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard !HealthController.isProbe(request.head.path), let peer = context.peer else {
            return try await next(request, context)
        }
        let verdict = limiter.take(limiter.client(at: peer, ArrivingRequest(request, route: context.route)))
        var response =
            switch verdict {
            case .allowed: try await next(request, context)
            case .refused:
                limiter.problem.answering(context.requestID).response(from: request, context: context)
            }
        response.headers[.rateLimitPolicy] = limiter.limit.policy
        response.headers[.rateLimit] = verdict.text
        return response
    }
}
