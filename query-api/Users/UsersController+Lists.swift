// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Hummingbird
import ServiceKit
import Users

extension UsersController {
    /// `GET /users`: a page of users as the read model has them.
    @Sendable
    func list(_ request: Request, context: ServiceRequestContext) async throws -> Response {
        let query = try UserListQuery(request)
        let page = try await users.page(
            by: UserDocument.byName, prefix: query.prefix, after: query.position, limit: query.limit)
        return .page(page.entries.compactMap { UserView($0.document) }, next: page.next?.cursor) { $0.write(to: &$1) }
    }

    /// `GET /users/{email}/history`: a page of what happened to a user, as the event store has it.
    @Sendable
    func history(_ request: Request, context: ServiceRequestContext) async throws -> Response {
        let query = try UserHistoryQuery(request)
        let page = try await past.page(
            EmailAddress.key(of: try email(context)), after: query.position, limit: query.limit)
        return .page(try page.events.map(UserHistoryItem.init), next: page.next?.cursor) { $0.write(to: &$1) }
    }
}
