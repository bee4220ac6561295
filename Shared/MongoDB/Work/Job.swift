// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An operation on its way to a worker. It is answered exactly once.
protocol Job: AnyObject, Sendable {
    /// When to give up waiting for a worker.
    var queueDeadline: ContinuousClock.Instant { get }
    /// When to answer whatever happens.
    var deadline: ContinuousClock.Instant { get }
    /// Whether an answer before the end leaves the outcome unknown.
    var isWrite: Bool { get }

    /// Whether nobody waits for it any more.
    var isAnswered: Bool { get }

    /// Does the work, on the worker's thread.
    func run(on connection: Connection)
    /// Answers with a failure, unless it was answered.
    func fail(_ error: MongoError)
}
