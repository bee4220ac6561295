// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// The queues that generations are fed from, as a rebuild needs them.
///
/// Every function throws an error with a ``FailureCategory``, and may be repeated.
public protocol GenerationQueues: Sendable {
    /// Makes the queue, with its partitions, and has events sent to it, and only to where they belong: from the moment this returns, none is missed.
    func declare(_ queue: GenerationQueue) async throws

    /// How many consumers take from it, those of frozen processes included until the broker gives them up; 0 when there is no
    /// queue.
    func consumers(of queue: GenerationQueue, _ part: GenerationQueuePart) async throws -> Int

    /// How many messages wait in it, or for another attempt; 0 when there is no queue.
    func backlog(of queue: GenerationQueue, _ part: GenerationQueuePart) async throws -> Int

    /// Has no further events sent to the queue.
    func detach(_ queue: GenerationQueue) async throws

    /// Removes it, if there is anything, with what is in it.
    func delete(_ queue: GenerationQueue, _ part: GenerationQueuePart) async throws
}

/// What of a queue is meant.
public enum GenerationQueuePart: Sendable {
    /// All of it, with its partitions.
    case whole
    /// The partitions that get nothing new any more.
    case leftovers
}
