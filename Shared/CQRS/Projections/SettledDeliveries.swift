// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Synchronization

/// Deliveries that are done with, and the streams to tell of before they are acknowledged. What comes while others are told
/// of goes out together with the next, so that there is one message under way at a time.
///
/// There are no more of them than the subscription delivers unacknowledged.
final class SettledDeliveries: Sendable {
    private struct State {
        var deliveries: [EventDelivery] = []
        var changed: [StreamID: ChangeNotice] = [:]
        var isFinished = false
    }

    private let state = Mutex(State())
    private let arrival = Wakeup()

    /// Deliveries of a stream, whose document shows their events or later ones; none where it was written without any.
    func add(_ deliveries: [EventDelivery], of notice: ChangeNotice) {
        state.withLock { state in
            state.deliveries += deliveries
            state.changed[notice.stream] = notice
        }
    }

    /// Lets ``next()`` have what was added.
    func flush() { arrival.notify() }

    /// No more comes.
    func finish() {
        state.withLock { $0.isFinished = true }
        arrival.notify()
    }

    /// Waits for what is to be told and acknowledged, and takes it all.
    ///
    /// - Returns: `nil` after ``finish()`` when nothing is left, and when the task is cancelled.
    func next() async -> (deliveries: [EventDelivery], changed: [ChangeNotice])? {
        while !Task.isCancelled {
            await arrival.wait { state.withLock { $0.isFinished || !$0.changed.isEmpty } }
            let taken = state.withLock { state in
                defer { (state.deliveries, state.changed) = ([], [:]) }
                return (deliveries: state.deliveries, changed: Array(state.changed.values))
            }
            if !taken.changed.isEmpty { return taken }
            if state.withLock({ $0.isFinished }) { return nil }
        }
        return nil
    }
}
