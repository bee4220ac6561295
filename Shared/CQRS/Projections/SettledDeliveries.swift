// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Synchronization

/// What a projector has done with: streams to tell of, and then deliveries to acknowledge or put aside. What comes while
/// others are told of goes out together with the next, so that there is one message under way at a time.
///
/// There are no more of them than the subscription delivers unacknowledged.
final class SettledDeliveries: Sendable {
    /// What is settled in one go.
    struct Group {
        var deliveries: [EventDelivery] = []
        var changed: [StreamID: ChangeNotice] = [:]
        /// Events may have been read before these from the event store, and applied: that is told of first, too.
        var leftovers = Leftovers()

        var isEmpty: Bool { changed.isEmpty && leftovers.isEmpty }
    }

    private struct State {
        var group = Group()
        var isFinished = false
    }

    private let state = Mutex(State())
    private let arrival = Wakeup()

    /// Deliveries of a stream, whose document shows their events or later ones; none where it was written without any.
    func add(_ deliveries: [EventDelivery], of notice: ChangeNotice) {
        state.withLock { state in
            state.group.deliveries += deliveries
            state.group.changed[notice.stream] = notice
        }
    }

    /// What could not be applied, at the end of its batch.
    func add(_ leftovers: Leftovers) {
        guard !leftovers.isEmpty else { return }
        state.withLock { $0.group.leftovers.add(leftovers) }
        arrival.notify()
    }

    /// Lets ``next()`` have what was added.
    func flush() { arrival.notify() }

    /// No more comes.
    func finish() {
        state.withLock { $0.isFinished = true }
        arrival.notify()
    }

    /// Waits for what is to be settled, and takes it all.
    ///
    /// - Returns: `nil` after ``finish()`` when nothing is left, and when the task is cancelled.
    func next() async -> Group? {
        while !Task.isCancelled {
            await arrival.wait { state.withLock { $0.isFinished || !$0.group.isEmpty } }
            let (taken, isFinished) = state.withLock { state in
                defer { state.group = Group() }
                return (state.group, state.isFinished)
            }
            if !taken.isEmpty { return taken }
            if isFinished { return nil }
        }
        return nil
    }
}
