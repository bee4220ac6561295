// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import HTTPTypes
import Hummingbird
import ServiceKit
import Users

/// The queries on users.
struct UsersController<Model: ReadModelQueries<UserDocument>> {
    let users: Model

    var routes: RouteCollection<ServiceRequestContext> {
        let routes = RouteCollection(context: ServiceRequestContext.self)
        routes.get("users/{email}", use: find)
        return routes
    }

    /// `GET /users/{email}`: a user as the read model has it, or 304 for who has it already.
    @Sendable
    private func find(_ request: Request, context: ServiceRequestContext) async throws -> UserResponse {
        guard let text = PathSegment.decode(try context.parameters.require("email")) else {
            throw ProblemDetails(.malformedRequest, detail: "the path is not percent-encoded UTF-8")
        }
        guard let document = try await users.first(where: UserDocument.byEmail, equals: EmailAddress.key(of: text)),
            let user = UserView(document)
        else { throw ProblemDetails(.userNotFound) }
        return UserResponse(user: user)
    }
}

extension ProblemType {
    /// 404: nobody has that address, as far as the read model knows.
    static let userNotFound = ProblemType(
        "/problems/user-not-found", status: .notFound, title: "There is no user with this address")
}
