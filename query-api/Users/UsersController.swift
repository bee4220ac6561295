// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import HTTPTypes
import Hummingbird
import ServiceKit
import Users

/// The queries on users.
struct UsersController<Model: ReadModelQueries<UserDocument>> {
    let users: NearCache<Model, PreparedUser>
    let lists: any ReadModelListing<UserDocument>
    let feed: UserFeed
    let past: UserHistory

    var routes: RouteCollection<ServiceRequestContext> {
        let routes = RouteCollection(context: ServiceRequestContext.self)
        routes.get("users", use: list)
        routes.get("users/changes", use: changes)
        routes.get("users/{email}", use: show)
        routes.get("users/{email}/history", use: history)
        return routes
    }

    /// `GET /users/{email}` without conditions.
    var hotRoute: HotRoute {
        .get(prefix: "/users/", parameter: "email") { request in
            // What is no address may be another route, such as `/users/changes`.
            guard request.segment.utf8.contains(UInt8(ascii: "@")) else { return .pass }
            if let hit = users.cached(EmailAddress.key(of: request.segment)) { return .answer(HotAnswer(hit)) }
            // What is in the cache is an address; what is none is the router's to refuse.
            guard let key = try? EmailAddress(request.segment).key else { return .pass }
            return .task { HotAnswer(try await find(key)) }
        }
    }

    /// A user as the read model has it; with a condition only once the read model has that version.
    func find(
        _ condition: VersionCondition?, _ request: Request, _ context: ServiceRequestContext
    ) async throws -> UserResponse {
        let key = try emailKey(context)
        if let condition { return try await find(key, condition, request, context) }
        if let hit = users.cached(key) { return UserResponse(found: hit) }
        let applied = Self.wait(for: request)
        let found = try await context.whileClientStays { try await find(key, waiting: applied) }
        return UserResponse(found: found, appliedWait: applied)
    }

    /// Whoever has an address: nobody is 404 only if the event store says so, too.
    private func find(
        _ key: String, waiting applied: WaitPreference? = nil
    ) async throws -> NearCacheAnswer<PreparedUser> {
        switch try await users.find(
            key, claimedAs: Users.emailClaim(key), in: past.events, within: (applied ?? .usual).duration)
        {
        case .found(let found): return found
        case .nobody(isConfirmed: true): throw ProblemDetails(.userNotFound, applied)
        case .nobody(isConfirmed: false): throw ProblemDetails(unconfirmed: .userNotFound, applied)
        case .notYetVisible: throw ProblemDetails(.notYetVisible, applied, retryAfter: .seconds(1))
        }
    }

    /// How long the client is ready to wait; `nil` if it does not say.
    private static func wait(for request: Request) -> WaitPreference? {
        WaitPreference(request.headers).map { min($0, .longest) }
    }

    private func find(
        _ key: String, _ condition: VersionCondition, _ request: Request, _ context: ServiceRequestContext
    ) async throws -> UserResponse {
        let applied = Self.wait(for: request)
        if let hit = users.cached(key, atLeast: condition.version, of: condition.stream) {
            return UserResponse(found: hit, appliedWait: applied)
        }
        let users = users
        let answer = try await context.whileClientStays {
            try await users.find(
                key, atLeast: condition.version, of: condition.stream, within: (applied ?? .usual).duration)
        }
        switch answer {
        case .found(let found): return UserResponse(found: found, appliedWait: applied)
        case .elsewhere: throw ProblemDetails(.userNotFound, applied)
        case .notYetVisible: throw ProblemDetails(.notYetVisible, applied, retryAfter: .seconds(1))
        }
    }

    /// The address in the path as ``EmailAddress/key``.
    ///
    /// - Throws: 404 for what is no address: it is nobody's. 400 `malformed-request` when its escapes are broken.
    func emailKey(_ context: ServiceRequestContext) throws -> String {
        guard let text = PathSegment.decode(try context.parameters.require("email")) else {
            throw ProblemDetails(.malformedRequest, detail: "the path is not percent-encoded UTF-8")
        }
        guard let address = try? EmailAddress(text) else { throw ProblemDetails(.userNotFound) }
        return address.key
    }
}

extension WaitPreference {
    /// How long to wait for who is not there yet if the client does not say.
    static let usual = WaitPreference(seconds: 2)
    /// How long at most.
    static let longest = WaitPreference(seconds: 30)
}

extension ProblemDetails {
    fileprivate init(_ type: ProblemType, _ applied: WaitPreference?, retryAfter: Duration? = nil) {
        if let retryAfter { self.init(type, retryAfter: retryAfter) } else { self.init(type) }
        if let applied { headers[.preferenceApplied] = applied.text }
    }

    /// Nobody is there as far as the read model knows, and the event store could not be asked.
    fileprivate init(unconfirmed type: ProblemType, _ applied: WaitPreference?) {
        self.init(type, applied)
        detail = "the event store, which has the last word, cannot be asked at the moment"
        headers[.cacheStatus] = "query-api; fwd=miss; detail=unconfirmed"
    }
}

extension ProblemType {
    /// 404: nobody has that address.
    static let userNotFound = ProblemType(
        "/problems/user-not-found", status: .notFound, title: "There is no user with this address")
    /// 503: the read model did not show in time what the event store has.
    static let notYetVisible = ProblemType(
        "/problems/not-yet-visible", status: .serviceUnavailable,
        title: "What was asked for is not visible yet")
}
