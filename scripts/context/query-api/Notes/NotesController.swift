// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Essentials
import HTTPTypes
import Hummingbird
import Notes
import ServiceKit

/// The queries on notes.
struct NotesController<Model: ReadModelQueries<NoteDocument>>: HTTPController {
    let notes: EntityQueries<NoteProjection, Model, PreparedAnswer>
    let lists: any ReadModelListing<NoteDocument>
    let feed: EntityFeed<NoteDocument>

    var routes: RouteCollection<ServiceRequestContext> {
        let routes = RouteCollection(context: ServiceRequestContext.self)
        routes.get("notes", use: list)
        routes.get("notes/changes", use: feed.respond)
        routes.get("notes/{id}") { try await notes.show(address($1), $0, $1) { $0 } }
        routes.get("notes/{id}/history") { try await notes.history(address($1), $0) }
        return routes
    }

    /// `GET /notes/{id}` without conditions.
    var hotRoutes: [HotRoute] {
        [
            .get(prefix: "/notes/", parameter: "id") { request in
                guard let id = UUIDv7(request.segment) else { return .pass }
                return notes.hot(Notes.stream(of: id)) { $0 }
            }
        ]
    }

    /// `GET /notes`: a page, by text.
    @Sendable
    private func list(_ request: Request, context: ServiceRequestContext) async throws -> Response {
        let query = try ListQuery(
            request, list: NoteProjection.name, startingWith: "text", maximumLength: NoteText.maximumLength,
            key: NoteText.key(ofPrefix:))
        let page = try await lists.page(
            by: NoteDocument.byText, prefix: query.prefix, after: query.position, limit: query.limit)
        return query.response(page, NoteAnswer.item)
    }

    private func address(_ context: ServiceRequestContext) throws -> EntityAddress {
        guard let id = UUIDv7(try context.segment("id")) else { throw ProblemDetails(.noteNotFound) }
        return .stream(Notes.stream(of: id))
    }
}

extension ReadModelServing {
    /// The queries on notes.
    func notes() -> ServedContext {
        let notes = serve(NoteProjection.self, NoteAnswer.content, NoteAnswer.item)
        return ServedContext(
            controller: NotesController(
                notes: EntityQueries(
                    notes.cache, events: events, notFound: .noteNotFound, notYet: .noteNotYetThere),
                lists: notes.model, feed: notes.feed),
            parts: notes.parts)
    }
}

extension ProblemType {
    /// 404: there is no such note.
    fileprivate static let noteNotFound = ProblemType(
        "/problems/note-not-found", status: .notFound, title: "There is no such note")
    /// 404: the note was begun later than the time asked for.
    fileprivate static let noteNotYetThere = ProblemType(
        "/problems/note-not-yet-there", status: .notFound, title: "The note was not there at that time")
}
