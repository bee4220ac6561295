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

    /// Appends a commit's events at their versions and takes its claims, all or nothing.
    ///
    /// - Returns: whether it was appended; nothing has changed if not.
    /// - Throws: ``AppendOutcomeUnknown`` when that cannot be told. After any other error nothing was appended.
    func append(_ append: EventAppend) async throws -> AppendOutcome

    /// The last event of a stream, or `nil` when it has none. Costs one look at an index, however long the stream.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    func last(of stream: StreamID) async throws -> RecordedEvent?

    /// Takes claims off a stream's commits, durably. Those it does not hold are passed over.
    ///
    /// - Parameter version: where the last commit that may lose them begins, or later: what a later one has taken again
    ///   stays.
    func release(_ claims: Set<Claim>, of stream: StreamID, through version: Int64) async throws
}

/// A commit on its way into the store.
public struct EventAppend: Sendable, Equatable {
    /// The events; the version of the first is the one expected to be last, and one. Whoever expects it has read to the end
    /// of the stream: a version within a commit is no place to append at, and not every store can tell.
    public var commit: Commit
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
        _ commit: Commit, claims: Set<Claim> = [], releases: Set<Claim> = [], writer: WriterID, sequence: Int64,
        urgency: AppendUrgency = .single
    ) {
        self.commit = commit
        self.claims = claims
        self.releases = releases
        self.writer = writer
        self.sequence = sequence
        self.urgency = urgency
    }
}

/// What became of an append.
public enum AppendOutcome: Sendable, Equatable {
    /// All its events are durable.
    case appended
    /// The stream has an event of the first one's version already.
    case versionConflict
    /// An event of this stream holds the claim.
    case claimTaken(Claim, by: StreamID)
}

/// An append whose outcome could not be settled in time: the events may be in the store, or may still get there.
public struct AppendOutcomeUnknown: CategorizedError {
    /// Describes nothing more: there is nothing known.
    public init() {}

    /// Always ``FailureCategory/unavailable``.
    public var category: FailureCategory { .unavailable }
}
