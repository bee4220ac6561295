// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import ServiceKit
import Users

/// The commands on users, from checked requests to answers.
struct UserCommands: Sendable {
    let handler: CommandHandler<UserDecider>
    /// Where the query API answers, for `Location`.
    let queryAPI: String

    /// Registers a user.
    ///
    /// - Parameter origin: the scope says which way the registration came: a key is not shared between two ways.
    func create(_ request: CreateUserRequest, _ origin: CommandOrigin) async throws -> CommandAnswer {
        let now = Timestamp.now()
        let user = CreateUser(id: UUIDv7(at: now), name: request.name, email: request.email)
        let outcome = try await handler.handle(
            .create(user), on: .new(Users.stream(of: user.id)), context: origin.context(at: now, request.fingerprint))
        return CommandAnswer(outcome, queryAPI: queryAPI)
    }

    /// Changes the user who has an address.
    ///
    /// - Parameter email: whatever the request calls an address; what is none is nobody's.
    func update(
        _ email: String, _ request: UpdateUserRequest, _ origin: CommandOrigin, if versions: CommandPreconditions
    ) async throws -> CommandAnswer {
        let key = try key(of: email)
        let outcome = try await handler.handle(
            .update(request.change), on: .holder(of: Users.emailClaim(key)),
            context: origin.context(at: .now(), request.fingerprint(of: key), if: versions))
        return CommandAnswer(outcome, queryAPI: queryAPI)
    }

    /// Deletes the user who has an address.
    ///
    /// - Parameter email: whatever the request calls an address; what is none is nobody's.
    func delete(
        _ email: String, _ origin: CommandOrigin, if versions: CommandPreconditions
    ) async throws -> CommandAnswer {
        let key = try key(of: email)
        let outcome = try await handler.handle(
            .delete, on: .holder(of: Users.emailClaim(key)),
            context: origin.context(at: .now(), Fingerprint.text(key), if: versions))
        return CommandAnswer(outcome, queryAPI: queryAPI, deleted: email)
    }

    private func key(of email: String) throws(UserDecider.Rejection) -> String {
        guard let address = try? EmailAddress(email) else { throw .noSuchUser }
        return address.key
    }
}

extension CommandAnswer {
    /// - Parameter deleted: of a deleted user the address that it was deleted by.
    fileprivate init(_ outcome: CommandOutcome<UserDecider.State>, queryAPI: String, deleted email: String? = nil) {
        switch outcome.state {
        case .registered(let user):
            self.init(
                outcome, members: [("email", user.email)],
                place: "\(queryAPI)/users/\(PathSegment.encode(user.email))")
        case .deleted, .absent:
            // The query API will say 404 there, or soon serve somebody else: nothing to send a client to.
            self.init(outcome, members: [("email", email ?? "")], place: nil)
        }
    }
}
