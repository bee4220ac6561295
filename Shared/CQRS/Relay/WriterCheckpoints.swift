// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// What the relay needs of the event store: who writes, how far each has published, and what lies beyond.
///
/// A writer is one run of one process. Its checkpoint says how far it has published, and is fresh for as long as it
/// lives. One that nobody has touched for a while may be taken over.
///
/// Times are the store's own, so that no two clocks have to agree. A write that has returned is durable, and a read that
/// begins afterwards sees everything that had reached the store before the write did. All errors have a
/// ``FailureCategory``.
public protocol WriterCheckpoints: WriterHistory {
    /// Notes that a writer is alive and how far it has published. An earlier report that arrives late changes nothing of
    /// the progress.
    ///
    /// Makes the checkpoint where there is none, and takes it back from whoever has taken it over: the writer itself
    /// knows best.
    func checkpoint(_ writer: WriterID, _ progress: RelayProgress) async throws

    /// Takes over one checkpoint that nobody has touched for that long, but never that of `writer`, the caller's own.
    ///
    /// - Returns: `nil` when there is none. A take-over whose answer is lost is nobody's, and can be taken over again.
    func takeOver(for writer: WriterID, silentFor silence: Duration) async throws -> Takeover?

    /// Shows that somebody works on a take-over.
    ///
    /// - Returns: `false` when it is over: the writer was alive after all, or another has taken it.
    func hold(_ takeover: Takeover) async throws -> Bool

    /// Removes a checkpoint that was taken over, unless ``hold(_:)`` would return `false`.
    func finish(_ takeover: Takeover) async throws

    /// Leaves a writer's own checkpoint to whoever looks next, unless it was taken over.
    func abandon(_ writer: WriterID, _ progress: RelayProgress) async throws

    /// Removes a writer's own checkpoint, unless it was taken over.
    func remove(_ writer: WriterID) async throws

    /// A writer's commits in order of their numbers.
    ///
    /// - Parameters:
    ///   - sequence: the number before the first wanted; 0 for all.
    ///   - limit: the most commits to return, at least 1.
    func commits(of writer: WriterID, after sequence: Int64, limit: Int) async throws -> [OutboxCommit]
}

/// One run of one process that appends events.
public struct WriterID: Sendable, Hashable, Comparable, CustomStringConvertible {
    private let id: UUIDv7

    /// A writer that nobody knows yet.
    public init(at time: Timestamp = .now()) { id = UUIDv7(at: time) }

    /// A writer's name as stored.
    ///
    /// - Returns: `nil` for anything that ``description`` would not write.
    public init?(_ text: some StringProtocol) {
        guard let id = UUIDv7(text) else { return nil }
        self.id = id
    }

    /// The name as stored.
    public var description: String { id.description }

    /// In the order of the names: about that in which writers began.
    public static func < (one: WriterID, other: WriterID) -> Bool { one.description < other.description }
}

/// A writer's checkpoint in the hands of another.
public struct Takeover: Sendable, Equatable {
    /// Whose it was.
    public let writer: WriterID
    /// How far it had published.
    public let progress: RelayProgress
    /// Tells this take-over from any other of the same checkpoint.
    public let token: UUIDv7

    /// Describes a take-over.
    public init(writer: WriterID, progress: RelayProgress, token: UUIDv7) {
        self.writer = writer
        self.progress = progress
        self.token = token
    }
}

/// A commit whose events have to be published.
public struct OutboxCommit: Sendable, Equatable {
    /// Its number among those of its writer.
    public let sequence: Int64
    /// The events.
    public let commit: Commit
    /// Claims that its stream has given up with it and that may not have been released yet.
    public var releases: Set<Claim>

    /// Describes a commit to publish.
    public init(sequence: Int64, commit: Commit, releases: Set<Claim> = []) {
        self.sequence = sequence
        self.commit = commit
        self.releases = releases
    }
}
