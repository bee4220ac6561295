// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Hummingbird
import ServiceKit

/// The request that a command came with.
struct CommandOrigin: Sendable {
    /// What an idempotency key is unique within, such as `users.create`. Stored: it never changes.
    let scope: String
    /// The client's idempotency key.
    let key: String?
    let requestID: String
    /// The request's place in its trace, which becomes that of the events.
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
        at time: Timestamp, _ fingerprint: @autoclosure () -> String,
        if versions: CommandPreconditions = CommandPreconditions()
    ) -> CommandContext {
        CommandContext(
            time: time,
            metadata: EventMetadata(
                correlationID: requestID, traceparent: trace.description,
                idempotency: key.map { IdempotencyKey(scope: scope, key: $0, fingerprint: fingerprint()) }),
            expectedVersions: versions.expected, excludedVersions: versions.excluded, urgency: urgency)
    }
}

/// At which versions of an entity a command may be carried out: what `If-Match` and `If-None-Match` say.
struct CommandPreconditions {
    /// At one of these; `nil` for any.
    var expected: Set<Int64>?
    /// At none of these.
    var excluded = VersionSet.oneOf([])
}

extension Request {
    /// At which versions of its target a command may be carried out.
    func preconditions() throws -> CommandPreconditions {
        CommandPreconditions(expected: try expectedVersions(), excluded: excludedVersions)
    }
}
