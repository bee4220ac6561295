// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Synchronization

/// Lets tasks wait until somebody has changed something that they look at.
///
/// Who changes it calls ``notify()`` afterwards; who waits looks again. No change between a look and the wait is
/// missed: the condition is checked once more after the waiter is on the list.
package final class Wakeup: Sendable {
    private struct State {
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var next: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Creates one without waiters.
    package init() {}

    /// Wakes everybody who waits.
    package func notify() {
        let waiters = state.withLock { state in
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    /// Waits until the next ``notify()`` or the task's cancellation; not at all if `isDue` is true already.
    ///
    /// It may also return early: look again and wait again.
    package func wait(unless isDue: () -> Bool) async {
        let id = state.withLock { state in
            defer { state.next += 1 }
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { $0.waiters[id] = continuation }
                if isDue() || Task.isCancelled { release(id) }
            }
        } onCancel: {
            release(id)
        }
    }

    private func release(_ id: UInt64) {
        state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
    }
}
