// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// The queues that generations are fed from, as a rebuild needs them.
///
/// Every function throws an error with a ``FailureCategory``, and may be repeated.
public protocol GenerationQueues: Sendable {
    /// Makes the queue and has events sent to it: from the moment this returns, none is missed.
    func declare(_ queue: GenerationQueue) async throws

    /// How many consumers are at the queue, those of frozen processes included until the broker gives them up; 0 when
    /// there is no queue.
    func consumers(of queue: GenerationQueue) async throws -> Int

    /// How many messages wait in the queue, or for another attempt; 0 when there is no queue.
    func backlog(of queue: GenerationQueue) async throws -> Int

    /// Has no further events sent to the queue.
    func detach(_ queue: GenerationQueue) async throws

    /// Removes the queue, if there is one, with what is in it.
    func delete(_ queue: GenerationQueue) async throws
}
