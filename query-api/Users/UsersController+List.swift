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
        let page = try await lists.page(
            by: UserDocument.byName, prefix: query.prefix, after: query.position, limit: query.limit)
        return .page(page.entries.compactMap { UserView($0.document) }, next: page.next?.cursor) { $0.write(to: &$1) }
    }
}
