// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Hummingbird
import ServiceKit
import Users

/// The routes of the commands on users.
struct UsersController {
    let users: UserCommands
    let problems: ProblemTranslator
    private let importTurns = UserImport.makeTurns()

    init(users: UserCommands, problems: ProblemTranslator) {
        self.users = users
        self.problems = problems
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
    var hotRoute: HotRoute {
        .post("/users", bodyLimit: JSONFields.usualLimit) { [users] request in
            .task {
                let body = try CreateUserRequest(try JSONFields(parsing: Array(request.body.readableBytesView)))
                let origin = UserCommands.Origin(
                    "users.create", key: nil, requestID: request.requestID, trace: request.trace)
                return HotAnswer(try await users.create(body, origin))
            }
        }
    }

    /// `POST /users`: registers a user.
    @Sendable
    private func create(_ request: Request, context: ServiceRequestContext) async throws -> UserCommandAnswer {
        try request.requireNoExpectation()
        let origin = UserCommands.Origin("users.create", key: try request.idempotencyKey(), context)
        let body = try CreateUserRequest(try await request.readJSONFields())
        return try await users.create(body, origin)
    }

    /// `PATCH /users/{email}`: changes a user's name, address or both.
    @Sendable
    private func update(_ request: Request, context: ServiceRequestContext) async throws -> UserCommandAnswer {
        let email = try email(context)
        let origin = UserCommands.Origin("users.update", key: try request.idempotencyKey(), context)
        let versions = try request.preconditions()
        let body = try UpdateUserRequest(try await request.readJSONFields())
        return try await users.update(email, body, origin, if: versions)
    }

    /// `DELETE /users/{email}`: deletes a user; the address is free afterwards.
    @Sendable
    private func delete(_ request: Request, context: ServiceRequestContext) async throws -> UserCommandAnswer {
        let origin = UserCommands.Origin("users.delete", key: try request.idempotencyKey(), context)
        return try await users.delete(email(context), origin, if: try request.preconditions())
    }

    /// `POST /users/import`: registers a user for each line, and answers each with a line, in order, as they come.
    @Sendable
    private func importLines(_ request: Request, context: ServiceRequestContext) async throws -> Response {
        try request.requireNDJSON()
        try request.requireNoExpectation()
        let place = try context.takeStreamPlace()
        let lines = UserImport(
            users: users, key: try request.idempotencyKey(), context: context, problems: problems,
            turns: importTurns)
        // Longer than any import: what keeps a client from holding the connection for nothing is the idle timeout.
        context.allowReceiving(for: .seconds(24 * 3600))
        return .ndjson(answering: request.body, in: place, lineLimit: UserImport.lineLimit) { await lines.answer($0) }
    }

    /// The address in the path, resolved and otherwise as sent.
    ///
    /// - Throws: 400 `malformed-request` when its escapes are broken.
    private func email(_ context: ServiceRequestContext) throws -> String {
        guard let email = PathSegment.decode(try context.parameters.require("email")) else {
            throw ProblemDetails(.malformedRequest, detail: "the path is not percent-encoded UTF-8")
        }
        return email
    }
}

extension Request {
    /// At which versions of its target a command may be carried out.
    fileprivate func preconditions() throws -> UserCommands.Preconditions {
        UserCommands.Preconditions(expected: try expectedVersions(), excluded: excludedVersions)
    }
}
