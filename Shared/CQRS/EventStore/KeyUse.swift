// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// What the first command with an idempotency key led to.
public enum KeyUse: Sendable, Equatable {
    /// A commit, which keeps the key; this is its last event.
    case event(RecordedEvent)
    /// Nothing had to change.
    case unchanged(UnchangedAnswer)

    /// The key, with the fingerprint of that command.
    public var key: IdempotencyKey? {
        switch self {
        case .event(let event): event.metadata.idempotency
        case .unchanged(let answer): answer.key
        }
    }

    /// The entity.
    public var stream: StreamID {
        switch self {
        case .event(let event): event.stream
        case .unchanged(let answer): answer.stream
        }
    }

    /// The entity's version after the command.
    public var version: Int64 {
        switch self {
        case .event(let event): event.version
        case .unchanged(let answer): answer.version
        }
    }

    /// When the command was carried out.
    public var time: Timestamp {
        switch self {
        case .event(let event): event.recordedAt
        case .unchanged(let answer): answer.givenAt
        }
    }

    /// The last event, if there was one.
    public var event: RecordedEvent? {
        if case .event(let event) = self { event } else { nil }
    }
}
