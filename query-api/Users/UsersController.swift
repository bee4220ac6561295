// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Essentials
import HTTPTypes
import Hummingbird
import ServiceKit
import Users

/// The queries on users.
struct UsersController<Model: ReadModelQueries<UserDocument>>: HTTPController {
    let users: EntityQueries<UserProjection, Model, UserAnswer>
    let lists: any ReadModelListing<UserDocument>
    let feed: EntityFeed<UserDocument>

    init(
        users: NearCache<Model, UserAnswer>, lists: any ReadModelListing<UserDocument>,
        feed: EntityFeed<UserDocument>, events: any EventQueries
    ) {
        self.users = EntityQueries(users, events: events, notFound: .userNotFound, notYet: .notYetRegistered)
        self.lists = lists
        self.feed = feed
    }

    var routes: RouteCollection<ServiceRequestContext> {
        let routes = RouteCollection(context: ServiceRequestContext.self)
        routes.get("users", use: list)
        routes.get("users/changes", use: feed.respond)
        routes.get("users/{email}") { try await users.show(address($1), $0, $1, \.prepared) }
        routes.get("users/{email}/history") { try await users.history(address($1), $0) }
        return routes
    }

    /// `GET /users/{email}` without conditions.
    var hotRoutes: [HotRoute] {
        [
            .get(prefix: "/users/", parameter: "email") { request in
                // What is no address may be another route, such as `/users/changes`.
                guard request.segment.utf8.contains(UInt8(ascii: "@")) else { return .pass }
                return users.hot(EmailAddress.key(of: request.segment), \.prepared) {
                    EntityAddress(email: request.segment)
                }
            }
        ]
    }

    /// `GET /users`: a page of users as the read model has them.
    @Sendable
    private func list(_ request: Request, context: ServiceRequestContext) async throws -> Response {
        let query = try ListQuery(
            request, list: "users", startingWith: "name", maximumLength: UserName.maximumLength,
            key: UserName.key(ofPrefix:))
        let page = try await lists.page(
            by: UserDocument.byName, prefix: query.prefix, after: query.position, limit: query.limit)
        return query.response(page, UserAnswer.item)
    }

    /// The address in the path.
    ///
    /// - Throws: 404 for what is no address: it is nobody's.
    private func address(_ context: ServiceRequestContext) throws -> EntityAddress {
        guard let address = EntityAddress(email: try context.segment("email")) else {
            throw ProblemDetails(.userNotFound)
        }
        return address
    }

}

extension EntityAddress {
    /// Whoever has an address; `nil` for what is none, and nobody's.
    init?(email text: String) {
        guard let key = try? EmailAddress(text).key else { return nil }
        self = .key(key, Users.emailClaim(key))
    }
}

extension ReadModelServing {
    /// The queries on users.
    func users() -> ServedContext {
        let users = serve(UserProjection.self, UserAnswer.content, UserAnswer.item)
        let controller = UsersController(users: users.cache, lists: users.model, feed: users.feed, events: events)
        return ServedContext(
            controller: controller, parts: users.parts,
            graph: UserGraph(users: controller.users, lists: users.model))
    }
}

extension ProblemType {
    /// 404: nobody has that address.
    static let userNotFound = ProblemType(
        "/problems/user-not-found", status: .notFound, title: "There is no user with this address")
    /// 404: the user was registered later than the time asked for.
    static let notYetRegistered = ProblemType(
        "/problems/not-yet-registered", status: .notFound, title: "The user had not registered at that time")
}
