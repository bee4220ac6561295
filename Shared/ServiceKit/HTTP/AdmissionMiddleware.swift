// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Hummingbird

/// Asks ``Admission`` about everything that comes to the router; ``HotShared`` does for what does not.
struct AdmissionMiddleware: RouterMiddleware {
    /// The context of the routes.
    typealias Context = ServiceRequestContext

    let admission: Admission

    /// Goes on, or throws the refusal.
    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        if !HealthController.routes.contains(context.route) {
            try admission.check(ArrivingRequest(request, route: context.route))
        }
        return try await next(request, context)
    }
}
