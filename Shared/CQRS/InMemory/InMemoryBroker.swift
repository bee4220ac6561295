// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Synchronization

/// A broker in memory for tests and trials: it delivers in order, and again what was not acknowledged.
///
/// It keeps the promises of ``EventPublisher`` and ``EventSubscription`` and nothing beyond; the same contract suite
/// runs against it and the real broker.
public final class InMemoryBroker: EventPublisher, EventSubscription {
    private struct State {
        var queue: [Result<RecordedEvent, MalformedEvent>] = []
        /// In the order of delivery.
        var unacknowledged: [EventDelivery] = []
        var deadLetters: [DeadLetter] = []
        var deliveries: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter: UInt64 = 1
        var isEnded = false

        mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
            defer { waiters = [:] }
            return Array(waiters.values)
        }
    }

    private let state = Mutex(State())

    /// A broker without messages.
    public init() {}

    /// Queues the events at once.
    public func publish(_ events: [RecordedEvent]) async -> [(any Error)?] {
        for event in events { deliver(.success(event)) }
        return events.map { _ in nil }
    }

    /// Queues whatever a foreign publisher might have sent.
    public func deliver(_ event: Result<RecordedEvent, MalformedEvent>) {
        let waiters = state.withLock { state in
            state.queue.append(event)
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits for deliveries; see ``EventSubscription/nextBatch(maximum:)``.
    public func nextBatch(maximum: Int) async throws -> [EventDelivery] {
        while true {
            try Task.checkCancellation()
            let batch: [EventDelivery]? = state.withLock { state in
                if state.queue.isEmpty { return state.isEnded ? [] : nil }
                let taken = state.queue.prefix(maximum).map { event in
                    state.deliveries += 1
                    return EventDelivery(id: EventDelivery.ID(state.deliveries), event: event)
                }
                state.queue.removeFirst(taken.count)
                state.unacknowledged += taken
                return taken
            }
            if let batch { return batch }
            await waitForChange()
        }
    }

    /// Forgets the deliveries; those from before a ``reconnect()`` count for nothing.
    public func acknowledge(_ deliveries: [EventDelivery]) async {
        let ids = Set(deliveries.map(\.id))
        state.withLock { $0.unacknowledged.removeAll { ids.contains($0.id) } }
    }

    /// Puts the deliveries aside; see ``deadLetters``.
    public func deadLetter(_ letters: [DeadLetter]) async {
        state.withLock { state in
            for letter in letters {
                guard let index = state.unacknowledged.firstIndex(where: { $0.id == letter.delivery.id }) else {
                    continue
                }
                state.unacknowledged.remove(at: index)
                state.deadLetters.append(letter)
            }
        }
    }

    /// What has been put aside so far, in order.
    public var deadLetters: [DeadLetter] { state.withLock { $0.deadLetters } }

    /// How many messages are queued or delivered but not acknowledged.
    public var depth: Int { state.withLock { $0.queue.count + $0.unacknowledged.count } }

    /// Does what a broken connection does: everything not acknowledged is delivered again, under new numbers.
    public func reconnect() {
        let waiters = state.withLock { state in
            state.queue.insert(contentsOf: state.unacknowledged.map(\.event), at: 0)
            state.unacknowledged = []
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Ends the subscription once the queue is empty.
    public func end() {
        let waiters = state.withLock { state in
            state.isEnded = true
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume() }
    }

    private func waitForChange() async {
        let id = state.withLock { state in
            defer { state.nextWaiter += 1 }
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayWait = state.withLock { state in
                    // What came between the look at the queue and here must not be waited for.
                    guard state.queue.isEmpty, !state.isEnded, !Task.isCancelled else { return false }
                    state.waiters[id] = continuation
                    return true
                }
                if !mayWait { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }
}
