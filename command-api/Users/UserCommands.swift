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
    func create(_ request: CreateUserRequest, _ origin: Origin) async throws -> UserCommandAnswer {
        let now = Timestamp.now()
        let user = CreateUser(id: UUIDv7(at: now), name: request.name, email: request.email)
        let outcome = try await handler.handle(
            .create(user), on: .new(Users.stream(of: user.id)), context: origin.context(at: now, request.fingerprint))
        return UserCommandAnswer(outcome, queryAPI: queryAPI)
    }

    /// Changes the user who has an address.
    ///
    /// - Parameter email: whatever the request calls an address; what is none is nobody's.
    func update(
        _ email: String, _ request: UpdateUserRequest, _ origin: Origin, if versions: Preconditions
    ) async throws -> UserCommandAnswer {
        let key = try key(of: email)
        let outcome = try await handler.handle(
            .update(request.change), on: .holder(of: Users.emailClaim(key)),
            context: origin.context(at: .now(), request.fingerprint(of: key), if: versions))
        return UserCommandAnswer(outcome, queryAPI: queryAPI)
    }

    /// Deletes the user who has an address.
    ///
    /// - Parameter email: whatever the request calls an address; what is none is nobody's.
    func delete(
        _ email: String, _ origin: Origin, if versions: Preconditions
    ) async throws -> UserCommandAnswer {
        let key = try key(of: email)
        let outcome = try await handler.handle(
            .delete, on: .holder(of: Users.emailClaim(key)),
            context: origin.context(at: .now(), Fingerprint.text(key), if: versions))
        return UserCommandAnswer(outcome, queryAPI: queryAPI, deleted: email)
    }

    private func key(of email: String) throws(UserDecider.Rejection) -> String {
        guard let address = try? EmailAddress(email) else { throw .noSuchUser }
        return address.key
    }
}

extension UserCommands {
    /// At which versions of a user a command may be carried out: what `If-Match` and `If-None-Match` say.
    struct Preconditions {
        /// At one of these; `nil` for any.
        var expected: Set<Int64>?
        /// At none of these.
        var excluded = VersionSet.oneOf([])
    }

    /// The request that a command came with.
    struct Origin: Sendable {
        /// What an idempotency key is unique within, such as `users.create`. Stored: it never changes.
        let scope: String
        /// The client's idempotency key.
        let key: String?
        let requestID: String
        let trace: TraceParent
        let urgency: AppendUrgency

        init(_ scope: String, key: String?, _ context: ServiceRequestContext, urgency: AppendUrgency = .single) {
            self.init(scope, key: key, requestID: context.requestID, trace: context.trace, urgency: urgency)
        }

        init(
            _ scope: String, key: String?, requestID: String, trace: TraceParent, urgency: AppendUrgency = .single
        ) {
            self.scope = scope
            self.key = key
            self.requestID = requestID
            self.trace = trace
            self.urgency = urgency
        }

        /// - Parameter fingerprint: computed only when there is a key for it.
        func context(
            at time: Timestamp, _ fingerprint: @autoclosure () -> String, if versions: Preconditions = Preconditions()
        ) -> CommandContext {
            CommandContext(
                time: time,
                metadata: EventMetadata(
                    correlationID: requestID, traceparent: trace.child().description,
                    idempotency: key.map { IdempotencyKey(scope: scope, key: $0, fingerprint: fingerprint()) }),
                expectedVersions: versions.expected, excludedVersions: versions.excluded, urgency: urgency)
        }
    }
}
