// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// What comes with a command beside what it asks for.
public struct CommandContext: Sendable {
    /// When the command was accepted; goes into its events and their identifiers.
    public var time: Timestamp
    /// Where the command came from, and its idempotency key if it has one.
    public var metadata: EventMetadata
    /// Which versions of the entity the sender had in mind; `nil` for any.
    public var expectedVersions: Set<Int64>?
    /// At which versions of the entity the sender does not want the command.
    public var excludedVersions: VersionSet
    /// Whether somebody waits for this command alone.
    public var urgency: AppendUrgency

    /// Describes a command's circumstances.
    public init(
        time: Timestamp, metadata: EventMetadata, expectedVersions: Set<Int64>? = nil,
        excludedVersions: VersionSet = .oneOf([]),
        urgency: AppendUrgency = .single
    ) {
        self.time = time
        self.metadata = metadata
        self.expectedVersions = expectedVersions
        self.excludedVersions = excludedVersions
        self.urgency = urgency
    }
}

/// Which entity a command is for.
public enum CommandTarget: Sendable {
    /// One that should not exist yet. The stream is not read unless it turns out to exist: then the command is decided on
    /// what it is.
    case new(StreamID)
    /// The one of a stream, if it has events.
    case existing(StreamID)
    /// The one that holds a claim, if there is one.
    case holder(of: Claim)
    /// The one of a stream, whatever has happened to it. The stream is not read: the command is decided on the initial state.
    /// For streams where no rule depends on the past and nothing is claimed (docs/decisions/0040).
    ///
    /// Which versions the sender expects or excludes is not looked at, for nobody has looked at the entity. The outcome's
    /// state is the initial one with the command's own events.
    case any(StreamID)
}

/// Where a command left its entity.
public struct CommandOutcome<State: Sendable>: Sendable {
    /// The entity.
    public let stream: StreamID
    /// The entity's version after the command.
    public let version: Int64
    /// The entity's state at that version.
    public let state: State
    /// The last event that the command caused, or `nil` when it changed nothing.
    public let event: RecordedEvent?
}
