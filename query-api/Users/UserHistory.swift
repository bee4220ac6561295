// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import HTTPTypes
import ServiceKit
import Users

/// Users as the event store has them. Who has an address today is found by it, with all that ever happened to them,
/// under whatever address that was; who has given it up is not, and nobody finds a deleted user.
struct UserHistory {
    let events: any EventQueries
    private let past: StreamPast<UserProjection>

    init(events: any EventQueries) {
        self.events = events
        past = StreamPast(events)
    }

    /// A user as it was.
    ///
    /// - Parameter key: the user's address of today, as ``EmailAddress/key``.
    /// - Throws: 404 when there is no such user, or was none at that moment; errors of the event store.
    func user(_ key: String, at moment: HistoryMoment) async throws -> UserView {
        let snapshot = try await past.snapshot(of: try await find(key), at: moment)
        if case .version(let version) = moment, version > snapshot.version {
            var present = JSONObject()
            present.append("version", .number(JSONNumber(snapshot.version)))
            throw ProblemDetails(.noSuchVersion, extensions: present)
        }
        guard let document = snapshot.document else { throw ProblemDetails(.notYetRegistered) }
        guard let user = UserView(document) else { throw ProblemDetails(.userNotFound) }
        return user
    }

    /// A page of a user's events.
    ///
    /// - Parameters:
    ///   - key: the user's address of today, as ``EmailAddress/key``.
    ///   - position: the last event of the page before; `nil` for the first page.
    /// - Returns: at most `limit` events, and where the next page begins.
    /// - Throws: 404 when there is no such user, 400 when the position is in somebody else's history; errors of the event
    ///   store.
    func page(
        _ key: String, after position: EventPosition?, limit: Int
    ) async throws -> (events: [RecordedEvent], next: EventPosition?) {
        let stream = try await find(key)
        if let position, position.stream != stream {
            throw ProblemDetails(.malformedRequest, detail: "the cursor belongs to another user's history")
        }
        // One more tells whether there is a next page.
        let found = try await events.read(stream, after: position?.version ?? 0, limit: limit + 1)
        let page = Array(found.prefix(limit))
        return (page, found.count > limit ? page.last?.position : nil)
    }

    /// The stream of who has an address today.
    private func find(_ key: String) async throws -> StreamID {
        let claim = Users.emailClaim(key)
        guard let holder = try await events.holder(of: claim),
            // An address given up and not yet released still finds who gave it up.
            try await !events.hasGivenUp(claim, since: holder)
        else { throw ProblemDetails(.userNotFound) }
        return holder.stream
    }
}

extension ProblemType {
    /// 404: the user's versions do not go that far; `version` is the last one.
    static let noSuchVersion = ProblemType(
        "/problems/no-such-version", status: .notFound, title: "The user has no such version yet")
    /// 404: the user was registered later than the time asked for.
    static let notYetRegistered = ProblemType(
        "/problems/not-yet-registered", status: .notFound, title: "The user had not registered at that time")
}
