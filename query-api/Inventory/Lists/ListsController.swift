// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Essentials
import HTTPTypes
import Hummingbird
import Inventory
import ServiceKit

/// The queries on stock lists.
struct ListsController<Model: ReadModelEntries<ListLinesDocument>>: HTTPController {
    /// How many lines a list shows by itself.
    private static var shownLines: Int { 500 }

    let details: EntityQueries<ListLinesProjection, Model, ListView>
    let lines: Model
    let lists: any ReadModelListing<ListDocument>

    /// - Parameters:
    ///   - details: lists without their lines, in front of `lines`.
    ///   - lines: where lists are kept with their lines.
    ///   - lists: the summaries.
    init(
        details: NearCache<Model, ListView>, lines: Model, lists: any ReadModelListing<ListDocument>,
        events: any EventQueries
    ) {
        self.details = EntityQueries(details, events: events, notFound: .listNotFound, notYet: .listNotYetThere)
        self.lines = lines
        self.lists = lists
    }

    var routes: RouteCollection<ServiceRequestContext> {
        let routes = RouteCollection(context: ServiceRequestContext.self)
        let path = "api/v1/inventory/lists"
        routes.get("\(path)", use: list)
        routes.get("\(path)/{id}", use: show)
        routes.get("\(path)/{id}/lines", use: showLines)
        routes.get("\(path)/{id}/history") { try await details.history(.stream(stream($1)), $0) }
        return routes
    }

    /// `GET` of lists: a page, those first that expire latest.
    @Sendable
    private func list(_ request: Request, context: ServiceRequestContext) async throws -> Response {
        let query = try ListQuery(request, list: ListProjection.name, startingWith: nil)
        let page = try await lists.page(
            by: ListDocument.byExpiry, prefix: query.prefix, after: query.position, limit: query.limit)
        return query.response(page, ListAnswer.item)
    }

    /// `GET` of a list with its first lines, or as it was with all lines that it had:
    /// `{"id","customer","totalItems","expiresOn","version","lines":[…],"next"?}`.
    @Sendable
    private func show(_ request: Request, context: ServiceRequestContext) async throws -> Response {
        let stream = try stream(context)
        let query = try MomentQuery(request, category: Lists.streamCategory)
        if let moment = query.moment {
            let (list, entries) = try await context.whileClientStays {
                try await details.snapshot(of: .stream(stream), at: moment)
            }
            return EntityResponse(answer: prepare(list, LinesPage(entries.map(LineView.init))), origin: nil)
                .response(from: request, context: context)
        }
        let (found, applied) = try await details.find(.stream(stream), query.condition, request, context)
        let page = try await LinesPage(lines, of: stream, at: found.version, after: 0, limit: Self.shownLines)
        return EntityResponse(answer: prepare(found.answer, page), origin: found.origin, appliedWait: applied)
            .response(from: request, context: context)
    }

    /// `GET` of a list's lines: a page, in the order in which they were added.
    @Sendable
    private func showLines(_ request: Request, context: ServiceRequestContext) async throws -> Response {
        let stream = try stream(context)
        let query = try LinesQuery(request, of: stream)
        let list = try await details.find(.stream(stream), query.condition, request, context).0
        let page = try await LinesPage(lines, of: stream, at: list.version, after: query.position, limit: query.limit)
        var response = Response.page(page.lines, next: page.next) { $0.write(to: &$1) }
        response.headers[.eTag] = EntityTag(version: list.version).text
        return response
    }

    private func prepare(_ list: ListView, _ page: LinesPage) -> PreparedAnswer {
        PreparedAnswer(version: list.version) { json in
            json.beginObject()
            list.writeMembers(to: &json)
            json.key("lines")
            json.beginArray()
            for line in page.lines { line.write(to: &json) }
            json.endArray()
            json.member("next", ifPresent: page.next)
            json.endObject()
        }
    }

    /// The list that the path names.
    ///
    /// - Throws: 404 for what is no identifier.
    private func stream(_ context: ServiceRequestContext) throws -> StreamID {
        guard let id = UUIDv7(try context.segment("id")) else { throw ProblemDetails(.listNotFound) }
        return Lists.stream(of: id)
    }
}

extension ReadModelServing {
    /// The queries on stock lists.
    func lists() -> ServedContext {
        let lists = list(ListProjection.self)
        let details = serve(ListLinesProjection.self, ListAnswer.content) { ListAnswer.item($0.summary) }
        return ServedContext(
            controller: ListsController(
                details: details.cache, lines: details.model, lists: lists, events: events),
            parts: details.parts)
    }
}

extension ProblemType {
    /// 404: there is no such list.
    static let listNotFound = ProblemType(
        "/problems/list-not-found", status: .notFound, title: "There is no such list")
    /// 404: the list was begun later than the time asked for.
    static let listNotYetThere = ProblemType(
        "/problems/list-not-yet-there", status: .notFound, title: "The list was not there at that time")
}
