// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Synchronization

/// When a queue was last seen empty: whatever was published to it before that has left it.
public final class QueueSightings: Sendable {
    private let emptyAt = Mutex<ContinuousClock.Instant?>(nil)
    private let changed = Wakeup()

    /// Nothing seen yet.
    public init() {}

    /// Somebody has looked.
    ///
    /// - Parameters:
    ///   - messages: how many were ready in the queue.
    ///   - time: when the look began.
    public func saw(_ messages: Int, at time: ContinuousClock.Instant) {
        guard messages == 0 else { return }
        emptyAt.withLock { $0 = time }
        changed.notify()
    }

    /// Waits until the queue has been empty after a moment, or the task is cancelled.
    func waitUntilEmpty(after moment: ContinuousClock.Instant) async {
        func isEmpty() -> Bool { emptyAt.withLock { $0.map { $0 > moment } ?? false } }
        while !Task.isCancelled, !isEmpty() { await changed.wait(unless: isEmpty) }
    }
}
