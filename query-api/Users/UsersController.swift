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
    let lists: any ReadModelListing<UserDocument>
    let past: UserHistory

    var routes: RouteCollection<ServiceRequestContext> {
        let routes = RouteCollection(context: ServiceRequestContext.self)
        routes.get("users", use: list)
        routes.get("users/{email}", use: show)
        routes.get("users/{email}/history", use: history)
        return routes
    }

    /// A user as the read model has it, or 304 for who has it already.
    func find(_ request: Request, _ context: ServiceRequestContext) async throws -> UserResponse {
        let key = EmailAddress.key(of: try email(context))
        guard let document = try await users.first(where: UserDocument.byEmail, equals: key),
            let user = UserView(document)
        else { throw ProblemDetails(.userNotFound) }
        return UserResponse(user: user)
    }

    /// The address in the path.
    func email(_ context: ServiceRequestContext) throws -> String {
        guard let text = PathSegment.decode(try context.parameters.require("email")) else {
            throw ProblemDetails(.malformedRequest, detail: "the path is not percent-encoded UTF-8")
        }
        return text
    }
}

extension ProblemType {
    /// 404: nobody has that address, as far as the read model knows.
    static let userNotFound = ProblemType(
        "/problems/user-not-found", status: .notFound, title: "There is no user with this address")
}
