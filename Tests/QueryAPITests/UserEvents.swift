// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Users

@testable import QueryAPI

/// When event number `version` of these tests' streams was recorded: an hour after the one before.
func time(of version: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 1_772_366_400_000 + 3_600_000 * version)
}

extension InMemoryEventStore {
    /// Appends a user's events as the command side would, with the address's claim on those that take it.
    func append(_ events: [UserEvent], of id: UUIDv7, releasing isReleasing: Bool = true) async {
        var held: String?
        for (index, event) in events.enumerated() {
            let version = Int64(index) + 1
            let recorded = RecordedEvent(
                id: UUIDv7(at: time(of: version)), stream: Users.stream(of: id), version: version, type: event.type,
                schema: event.schema, recordedAt: time(of: version), data: event.encoded(),
                metadata: EventMetadata(correlationID: "test"))
            let wanted = event.email.map(EmailAddress.key(of:))
            let claims = wanted == held ? [] : Set([wanted].compactMap { $0.map(Users.emailClaim) })
            let releases = wanted == held ? [] : Set([held].compactMap { $0.map(Users.emailClaim) })
            let outcome = await append(
                EventAppend(
                    Commit(recorded), claims: claims, releases: releases, writer: WriterID(), sequence: version))
            precondition(outcome == .appended)
            if isReleasing { await release(releases, of: recorded.stream, through: version) }
            held = wanted
        }
    }
}

extension UserEvent {
    fileprivate var email: String? {
        switch self {
        case .created(let user): user.email
        case .updated(let user): user.email
        case .deleted: nil
        }
    }
}
