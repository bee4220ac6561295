// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule
internal import Synchronization

/// Lets those who work on the same thing do it one after the other, or a few at a time, in order of arrival.
///
/// A courtesy, not a lock that anything relies on: other processes do not know of it. It keeps many commands for one
/// entity from losing the same race again and again, which costs the square of their number, and many who can wait from
/// taking all there is of something.
public final class KeyedSemaphore<Key: Hashable & Sendable>: Sendable {
    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct Line {
        /// How many have the turn.
        var holders = 0
        var waiters: Deque<Waiter> = []
    }

    private struct State {
        /// For each key that somebody has the turn for.
        var lines: [Key: Line] = [:]
        var lastID: UInt64 = 0
    }

    /// Why somebody does not wait.
    public struct LineFull: CategorizedError {
        /// Always ``FailureCategory/unavailable``.
        public var category: FailureCategory { .unavailable }
    }

    private let holderLimit: Int
    private let waiterLimit: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - holderLimit: how many may be at work for the same key, at least 1.
    ///   - waiterLimit: how many may wait for it.
    public init(holderLimit: Int = 1, waiterLimit: Int = .max) {
        precondition(holderLimit > 0)
        self.holderLimit = holderLimit
        self.waiterLimit = waiterLimit
    }

    /// Runs a body when it is the caller's turn for a key.
    ///
    /// - Throws: ``LineFull``; `CancellationError` when the task is cancelled while it waits; what the body throws.
    public func withTurn<T>(_ key: Key, _ body: () async throws -> T) async throws -> T {
        guard waiting(for: key) < waiterLimit else { throw LineFull() }
        guard await take(key) else { throw CancellationError() }
        defer { pass(key) }
        return try await body()
    }

    /// How many wait for a key.
    package func waiting(for key: Key) -> Int { state.withLock { $0.lines[key]?.waiters.count ?? 0 } }

    private func take(_ key: Key) async -> Bool {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isFree = state.withLock { state in
                    guard state.lines[key, default: Line()].holders >= holderLimit else {
                        state.lines[key, default: Line()].holders += 1
                        return true
                    }
                    state.lines[key]?.waiters.append(Waiter(id: id, continuation: continuation))
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
            state.lines[key]?.waiters.firstIndex { $0.id == id }.flatMap { state.lines[key]?.waiters.remove(at: $0) }
        }
        waiter?.continuation.resume(returning: false)
    }

    private func pass(_ key: Key) {
        let next: Waiter? = state.withLock { state in
            if let next = state.lines[key]?.waiters.popFirst() { return next }
            state.lines[key]?.holders -= 1
            if state.lines[key]?.holders == 0 { state.lines[key] = nil }
            return nil
        }
        next?.continuation.resume(returning: true)
    }
}
