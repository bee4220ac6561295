// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Hummingbird
import ServiceKit
import Users

/// The routes of the commands on users.
struct UsersController: HTTPController {
    let users: UserCommands
    private let lines: LineImport

    init(_ parts: CommandParts) {
        users = UserCommands(handler: parts.handler(of: UserDecider.self), queryAPI: parts.queryAPI)
        lines = LineImport(scope: "users.import", problems: parts.problems)
    }

    var routes: RouteCollection<ServiceRequestContext> {
        let routes = RouteCollection(context: ServiceRequestContext.self)
        routes.post("users", use: create)
        routes.post("users/import", use: importLines)
        routes.patch("users/{email}", use: update)
        routes.delete("users/{email}", use: delete)
        return routes
    }

    /// `POST /users` without an idempotency key.
    var hotRoutes: [HotRoute] {
        [
            .post("/users", bodyLimit: JSONFields.usualLimit) { [users] request in
                .task {
                    let body = try CreateUserRequest(try JSONFields(parsing: Array(request.body.readableBytesView)))
                    let origin = CommandOrigin(
                        "users.create", key: nil, requestID: request.requestID, trace: request.trace)
                    return HotAnswer(try await users.create(body, origin))
                }
            }
        ]
    }

    /// `POST /users`: registers a user.
    @Sendable
    private func create(_ request: Request, context: ServiceRequestContext) async throws -> CommandAnswer {
        try request.requireNoExpectation()
        let origin = CommandOrigin("users.create", key: try request.idempotencyKey(), context)
        let body = try CreateUserRequest(try await request.readJSONFields())
        return try await users.create(body, origin)
    }

    /// `PATCH /users/{email}`: changes a user's name, address or both.
    @Sendable
    private func update(_ request: Request, context: ServiceRequestContext) async throws -> CommandAnswer {
        let email = try context.segment("email")
        let origin = CommandOrigin("users.update", key: try request.idempotencyKey(), context)
        let versions = try request.preconditions()
        let body = try UpdateUserRequest(try await request.readJSONFields())
        return try await users.update(email, body, origin, if: versions)
    }

    /// `DELETE /users/{email}`: deletes a user; the address is free afterwards.
    @Sendable
    private func delete(_ request: Request, context: ServiceRequestContext) async throws -> CommandAnswer {
        let origin = CommandOrigin("users.delete", key: try request.idempotencyKey(), context)
        return try await users.delete(context.segment("email"), origin, if: try request.preconditions())
    }

    /// `POST /users/import`: registers a user for each line, and answers each with a line, in order, as they come.
    @Sendable
    private func importLines(_ request: Request, context: ServiceRequestContext) async throws -> Response {
        try lines.respond(request, context) { [users] fields, origin in
            try await users.create(CreateUserRequest(fields), origin)
        }
    }
}
