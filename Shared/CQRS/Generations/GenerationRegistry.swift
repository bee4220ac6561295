// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// Where it is written which generations of a read model there are.
///
/// One process at a time may change that: the one that holds the lease. It shows that it lives by what it does; after a
/// silence another may take the lease from it.
public protocol GenerationRegistry: Sendable {
    /// What is written; when nothing is, the first generation serves.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    func read(_ readModel: String) async throws -> GenerationRecord

    /// What is written of every read model that anything is written of, or why that cannot be read: what is wrong with one
    /// is no trouble of the others.
    ///
    /// - Throws: an error with a ``FailureCategory`` when nothing can be read.
    func readAll() async throws -> [String: Result<GenerationRecord, any Error>]

    /// Takes the lease, if nobody holds it or its holder has been silent for longer.
    ///
    /// - Parameter owner: a name for this one attempt to do something.
    /// - Returns: what is written; `nil` when somebody else holds the lease.
    /// - Throws: an error with a ``FailureCategory``; the lease may have been taken.
    func take(_ readModel: String, for owner: UUIDv7, silentFor silence: Duration) async throws -> GenerationRecord?

    /// Shows that the holder lives.
    ///
    /// - Returns: whether it still holds the lease.
    func hold(_ readModel: String, as owner: UUIDv7) async throws -> Bool

    /// Writes a state durably over the revision it was computed from.
    ///
    /// - Parameter record: the new state, and the revision before it.
    /// - Returns: what is written now; `nil` when the owner does not hold the lease any more, or the revision is gone.
    /// - Throws: an error with a ``FailureCategory``; it may have been written.
    func write(_ record: GenerationRecord, of readModel: String, as owner: UUIDv7) async throws -> GenerationRecord?

    /// Gives the lease up, if the owner holds it.
    func release(_ readModel: String, as owner: UUIDv7) async throws
}

/// What a registry says of a read model.
public struct GenerationRecord: Sendable, Equatable {
    /// The state.
    public var state: GenerationState
    /// Counts the changes; 0 before the first.
    public var revision: Int64

    /// Describes what is written.
    public init(state: GenerationState = GenerationState(), revision: Int64 = 0) {
        self.state = state
        self.revision = revision
    }
}
