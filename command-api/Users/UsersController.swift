// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Hummingbird
import ServiceKit
import Users

/// The commands on users.
struct UsersController {
    let handler: CommandHandler<UserDecider>
    /// Where the query API answers, for `Location`.
    let queryAPI: String

    var routes: RouteCollection<ServiceRequestContext> {
        let routes = RouteCollection(context: ServiceRequestContext.self)
        routes.post("users", use: create)
        return routes
    }

    /// `POST /users`: registers a user.
    @Sendable
    private func create(_ request: Request, context: ServiceRequestContext) async throws -> CommandAccepted {
        let body = try CreateUserRequest(try await request.readJSONFields())
        let now = Timestamp.now()
        let user = CreateUser(id: UUIDv7(at: now), name: body.name, email: body.email)
        let outcome = try await handler.handle(
            .create(user), stream: Users.stream(of: user.id), at: now,
            metadata: EventMetadata(correlationID: context.requestID, traceparent: context.trace.child().description))
        return CommandAccepted(id: user.id.description, email: user.email, outcome: outcome, queryAPI: queryAPI)
    }
}
