// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Hummingbird
import ServiceKit
import Users

extension UsersController {
    /// `GET /users/{email}`: a user as the read model has it or, if asked, as the event store says that it was.
    @Sendable
    func show(_ request: Request, context: ServiceRequestContext) async throws -> Response {
        let query = try UserMomentQuery(request)
        guard let moment = query.moment else {
            return try await find(query.condition, request, context).response(from: request, context: context)
        }
        let key = try emailKey(context)
        let user = try await context.whileClientStays { [past] in try await past.user(key, at: moment) }
        return .versioned(user.version) { user.write(to: &$0) }
    }

    /// `GET /users/{email}/history`: a page of what happened to a user, as the event store has it.
    @Sendable
    func history(_ request: Request, context: ServiceRequestContext) async throws -> Response {
        let query = try UserHistoryQuery(request)
        let page = try await past.page(
            emailKey(context), after: query.position, limit: query.limit)
        return .page(try page.events.map(UserHistoryItem.init), next: page.next?.cursor) { $0.write(to: &$1) }
    }
}
