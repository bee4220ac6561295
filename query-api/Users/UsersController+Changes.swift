// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Hummingbird
import ServiceKit
import Users

typealias UserFeed = ChangeFeed<UserDocument, ServerSentEvent>

extension UsersController {
    /// `GET /users/changes`: what happens to the users of the read model from now on, or behind `Last-Event-ID`.
    @Sendable
    func changes(_ request: Request, context: ServiceRequestContext) async throws -> Response {
        var parameters = QueryParameters(request)
        try parameters.finish()
        let position = try request.lastEventID.map { text throws(ProblemDetails) in
            guard let position = FeedPosition(text) else {
                throw ProblemDetails(
                    .malformedRequest, detail: "Last-Event-ID must be the id of an event of this stream")
            }
            return position
        }
        let place = try context.takeStreamPlace()
        let reading = try await feed.read(after: position)
        context.whenClientLeaves { reading.leave() }
        return .events(UserChanges(reading: reading), in: place)
    }
}
