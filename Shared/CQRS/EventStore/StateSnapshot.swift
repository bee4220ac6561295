// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// What a stream's events up to one of them made of an entity, put away so that they need not be read again.
public struct StateSnapshot: Sendable, Equatable {
    /// How many events back snapshots of a stream are kept: those of repeats that still come, and not the size of a state as often
    /// as a stream is long.
    public static let reach: Int64 = 16_000

    /// The stream.
    public let stream: StreamID
    /// The version of the last event in it, at the end of a commit.
    public let version: Int64
    /// That event. Where the stream has another one at this version, the snapshot is of another past.
    public let lastEvent: UUIDv7
    /// The latest time of any of the events.
    public let recordedAt: Timestamp
    /// The form of ``state``; see ``SnapshotCodec/schema``.
    public let schema: Int
    /// The entity's state. May hold personal data.
    public let state: [UInt8]

    /// Describes a snapshot.
    public init(
        stream: StreamID, version: Int64, lastEvent: UUIDv7, recordedAt: Timestamp, schema: Int, state: [UInt8]
    ) {
        self.stream = stream
        self.version = version
        self.lastEvent = lastEvent
        self.recordedAt = recordedAt
        self.schema = schema
        self.state = state
    }
}
