// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization

/// An operation with a result, and the task that waits for it.
final class Operation<R: Sendable>: Job {
    typealias Body = @Sendable (Connection) throws(MongoError) -> R

    private enum Phase {
        /// Nobody waits yet.
        case created
        /// Cancelled before anybody waited.
        case cancelled
        case waiting(CheckedContinuation<Result<R, MongoError>, Never>)
        case answered
    }

    let queueDeadline: ContinuousClock.Instant
    let deadline: ContinuousClock.Instant
    let isWrite: Bool
    private let body: Body
    private let phase = Mutex(Phase.created)

    init(
        queueDeadline: ContinuousClock.Instant, deadline: ContinuousClock.Instant, isWrite: Bool, body: @escaping Body
    ) {
        self.queueDeadline = queueDeadline
        self.deadline = deadline
        self.isWrite = isWrite
        self.body = body
    }

    var isAnswered: Bool {
        phase.withLock { phase in
            if case .answered = phase { true } else { false }
        }
    }

    /// Notes who waits. Returns false, and has answered, when the task was cancelled before.
    func wait(_ continuation: CheckedContinuation<Result<R, MongoError>, Never>) -> Bool {
        let isWaiting = phase.withLock { phase in
            if case .cancelled = phase {
                phase = .answered
                return false
            }
            phase = .waiting(continuation)
            return true
        }
        if !isWaiting { continuation.resume(returning: .failure(MongoError(.cancelled))) }
        return isWaiting
    }

    /// Notes a cancellation that came before anybody waited.
    func cancelEarly() {
        phase.withLock { phase in
            if case .created = phase { phase = .cancelled }
        }
    }

    func run(on connection: Connection) {
        do throws(MongoError) {
            answer(.success(try body(connection)))
        } catch {
            answer(.failure(error))
        }
    }

    func fail(_ error: MongoError) { answer(.failure(error)) }

    private func answer(_ result: Result<R, MongoError>) {
        let continuation: CheckedContinuation<Result<R, MongoError>, Never>? = phase.withLock { phase in
            guard case .waiting(let continuation) = phase else { return nil }
            phase = .answered
            return continuation
        }
        continuation?.resume(returning: result)
    }
}
