// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// The answer to a command with an idempotency key that changed nothing, kept so that a repeat gets it again whatever has
/// happened since. It is no event, and no part of any stream.
public struct UnchangedAnswer: Sendable, Equatable {
    /// Tells this answer from any other.
    public let id: UUIDv7
    /// The command's key.
    public let key: IdempotencyKey
    /// The entity.
    public let stream: StreamID
    /// The version at which the command found nothing to change.
    public let version: Int64
    /// When it was given.
    public let givenAt: Timestamp

    /// Describes an answer.
    public init(id: UUIDv7, key: IdempotencyKey, stream: StreamID, version: Int64, givenAt: Timestamp) {
        self.id = id
        self.key = key
        self.stream = stream
        self.version = version
        self.givenAt = givenAt
    }
}
