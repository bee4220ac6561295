// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Hummingbird
import ServiceKit

/// The changes of a read model as clients are sent them.
typealias EntityFeed<Document: ReadModelDocument> = ChangeFeed<Document, ServerSentEvent>

extension ChangeFeed where Line == ServerSentEvent {
    /// `GET` of changes: what happens to the entities of the read model from now on, or behind `Last-Event-ID`.
    ///
    /// A browser's `EventSource` cannot set that field for its first request: `lastEventId` does the same. When it comes
    /// back by itself it says the field, and still the parameter of the first time, so the field counts.
    @Sendable
    func respond(_ request: Request, context: ServiceRequestContext) async throws -> Response {
        var parameters = QueryParameters(request)
        let first = parameters.string("lastEventId")
        let start = first.flatMap { FeedPosition($0) }
        if first != nil, start == nil { parameters.refuse("lastEventId", "must be the id of an event of this stream") }
        try parameters.finish()
        let last = try request.lastEventID.map { text throws(ProblemDetails) in
            guard let position = FeedPosition(text) else {
                throw ProblemDetails(
                    .malformedRequest, detail: "Last-Event-ID must be the id of an event of this stream")
            }
            return position
        }
        let place = try context.takeStreamPlace()
        let reading = try await read(after: last ?? start)
        context.whenClientLeaves { reading.leave() }
        return .events(EntityChanges(reading: reading), in: place)
    }
}
