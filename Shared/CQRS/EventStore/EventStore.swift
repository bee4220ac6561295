// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// The truth: every event ever accepted, in streams whose versions count 1, 2, 3 … without gaps.
///
/// Events never change; only claims are taken off again, and idempotency keys with theirs. What a store has returned is durable, and every later read
/// sees it.
public protocol EventStore: EventQueries, IdempotencyStore {
    /// Makes the store ready, say by creating indexes. Harmless when it is ready already.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    func prepare() async throws

    /// Appends an event at its version and takes its claims, both or neither.
    ///
    /// - Returns: whether it was appended; nothing has changed if not.
    /// - Throws: ``AppendOutcomeUnknown`` when that cannot be told. After any other error nothing was appended.
    func append(_ append: EventAppend) async throws -> AppendOutcome

    /// Takes claims off a stream's events, durably. Those it does not hold are passed over.
    ///
    /// - Parameter version: the last event that may lose them: what a later one has taken again stays.
    func release(_ claims: Set<Claim>, of stream: StreamID, through version: Int64) async throws
}

/// An event on its way into the store.
public struct EventAppend: Sendable, Equatable {
    /// The event; its version is the one expected to be last, and one.
    public var event: RecordedEvent
    /// What it takes.
    public var claims: Set<Claim>
    /// What its stream gives up with it. The store keeps the list for whoever finishes the release after a crash.
    public var releases: Set<Claim>
    /// Who appends it.
    public var writer: WriterID
    /// Its number among all that the writer appends, from 1. Attempts that fail leave gaps.
    public var sequence: Int64
    /// Whether somebody waits for it alone. Not stored.
    public var urgency: AppendUrgency

    /// Describes an append.
    public init(
        event: RecordedEvent, claims: Set<Claim> = [], releases: Set<Claim> = [], writer: WriterID, sequence: Int64,
        urgency: AppendUrgency = .single
    ) {
        self.event = event
        self.claims = claims
        self.releases = releases
        self.writer = writer
        self.sequence = sequence
        self.urgency = urgency
    }
}

/// What became of an append.
public enum AppendOutcome: Sendable, Equatable {
    /// The event is durable.
    case appended
    /// The stream has an event of that version already.
    case versionConflict
    /// An event of this stream holds the claim.
    case claimTaken(Claim, by: StreamID)
}

/// An append whose outcome could not be settled in time: the event may be in the store, or may still get there.
public struct AppendOutcomeUnknown: CategorizedError {
    /// Describes nothing more: there is nothing known.
    public init() {}

    /// Always ``FailureCategory/unavailable``.
    public var category: FailureCategory { .unavailable }
}
