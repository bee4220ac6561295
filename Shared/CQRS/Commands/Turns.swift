// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule
internal import Synchronization

/// Lets those who work on the same thing do it one after the other, in order of arrival.
///
/// A courtesy, not a lock that anything relies on: other processes do not know of it. It keeps many commands for one
/// entity from losing the same race again and again, which costs the square of their number.
final class Turns<Key: Hashable & Sendable>: Sendable {
    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        /// Who waits for each key that somebody has the turn for.
        var waiters: [Key: Deque<Waiter>] = [:]
        var lastID: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Runs a body when nobody else is at work for the same key.
    ///
    /// - Throws: `CancellationError` when the task is cancelled while it waits; what the body throws.
    func withTurn<T>(_ key: Key, _ body: () async throws -> T) async throws -> T {
        guard await take(key) else { throw CancellationError() }
        defer { pass(key) }
        return try await body()
    }

    private func take(_ key: Key) async -> Bool {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isFree = state.withLock { state in
                    guard state.waiters[key] != nil else {
                        state.waiters[key] = []
                        return true
                    }
                    state.waiters[key]?.append(Waiter(id: id, continuation: continuation))
                    return false
                }
                if isFree { continuation.resume(returning: true) } else if Task.isCancelled { leave(key, id) }
            }
        } onCancel: {
            leave(key, id)
        }
    }

    /// Ends the waiting of a cancelled task, if it still waits.
    private func leave(_ key: Key, _ id: UInt64) {
        let waiter = state.withLock { state in
            state.waiters[key]?.firstIndex { $0.id == id }.flatMap { state.waiters[key]?.remove(at: $0) }
        }
        waiter?.continuation.resume(returning: false)
    }

    private func pass(_ key: Key) {
        let next: Waiter? = state.withLock { state in
            if let next = state.waiters[key]?.popFirst() { return next }
            state.waiters[key] = nil
            return nil
        }
        next?.continuation.resume(returning: true)
    }
}
