// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// An event store as what remembers idempotency keys. A key is a claim, so that the write which carries a command out also
/// takes it, and of two commands with one key only one is carried out.
public protocol IdempotencyStore: Sendable {
    /// Takes a key for an answer that had no event, as ``EventStore/append(_:)`` does for one that had.
    ///
    /// - Returns: ``AppendOutcome/appended``, or ``AppendOutcome/claimTaken(_:by:)`` when the key is taken.
    /// - Throws: ``AppendOutcomeUnknown`` when that cannot be told. After any other error nothing was remembered.
    func remember(_ answer: UnchangedAnswer, urgency: AppendUrgency) async throws -> AppendOutcome

    /// What a key was used for, whatever the fingerprint.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    func use(of key: IdempotencyKey) async throws -> KeyUse?

    /// Frees a key; its event does not know it any more. One that is free, or has been used again since, stays as it is.
    ///
    /// - Throws: an error with a ``FailureCategory``; the key may be free then.
    func forget(_ key: IdempotencyKey, used use: KeyUse) async throws

    /// Frees keys that were used before a moment: looks at one page of all keys, in an order of the store's own.
    ///
    /// - Parameters:
    ///   - position: where the page before ended; `nil` for the first page.
    ///   - limit: the most keys to look at, at least 1.
    /// - Returns: how many were freed, and where the next page begins; `nil` behind the last.
    /// - Throws: an error with a ``FailureCategory``; some keys may be free then.
    func forgetKeys(
        usedBefore time: Timestamp, after position: Claim?, limit: Int
    ) async throws -> (forgotten: Int, next: Claim?)
}
