// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Synchronization

/// A broker in memory for tests and trials: it delivers in order, and again what was not acknowledged.
///
/// It keeps the promises of ``EventPublisher``, and its subscriptions those of ``EventSubscription``, and nothing beyond; the
/// same contract suite runs against them and the real broker.
public final class InMemoryBroker: EventPublisher {
    private struct Message {
        let event: Result<RecordedEvent, MalformedEvent>
        var retries = 0
    }

    private struct State {
        var queue: [Message] = []
        /// In the order of delivery.
        var unacknowledged: [EventDelivery] = []
        var deadLetters: [DeadLetter] = []
        var deliveries: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter: UInt64 = 1
        var isEnded = false

        /// What is delivered and not settled may come again.
        var isAtEnd: Bool { isEnded && queue.isEmpty && unacknowledged.isEmpty }

        /// Takes a delivery out of those that are not acknowledged, if it is one of them.
        mutating func take(_ delivery: EventDelivery) -> EventDelivery? {
            guard let index = unacknowledged.firstIndex(where: { $0.id == delivery.id }) else { return nil }
            return unacknowledged.remove(at: index)
        }

        mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
            defer { waiters = [:] }
            return Array(waiters.values)
        }
    }

    private let state = Mutex(State())

    /// A broker without messages.
    public init() {}

    /// Queues the events at once.
    public func publish(_ events: [RecordedEvent]) async -> [PublishOutcome] {
        for event in events { deliver(.success(event)) }
        return events.map { _ in .published }
    }

    /// Queues whatever a foreign publisher might have sent.
    public func deliver(_ event: Result<RecordedEvent, MalformedEvent>) {
        change { $0.queue.append(Message(event: event)) }
    }

    /// A subscription to the queue, which all of them share.
    public func subscribe() -> InMemorySubscription { InMemorySubscription(broker: self) }

    /// Waits for deliveries; see ``EventSubscription/nextBatch(maximum:)``.
    public func nextBatch(maximum: Int) async throws -> [EventDelivery] {
        try await nextBatch(maximum: maximum) { false }
    }

    /// Wakes those who wait, to look whether they have been stopped.
    func stopped() { change { _ in } }

    func nextBatch(maximum: Int, unless isStopped: () -> Bool) async throws -> [EventDelivery] {
        while true {
            try Task.checkCancellation()
            let batch: [EventDelivery]? = state.withLock { state in
                if isStopped() { return [] }
                if state.queue.isEmpty { return state.isAtEnd ? [] : nil }
                let taken = state.queue.prefix(maximum).map { message in
                    state.deliveries += 1
                    return EventDelivery(
                        id: EventDelivery.ID(state.deliveries), event: message.event, retries: message.retries)
                }
                state.queue.removeFirst(taken.count)
                state.unacknowledged += taken
                return taken
            }
            if let batch { return batch }
            await waitForChange(unless: isStopped)
        }
    }

    /// Forgets the deliveries; those from before a ``reconnect()`` count for nothing.
    public func acknowledge(_ deliveries: [EventDelivery]) async {
        let ids = Set(deliveries.map(\.id))
        change { $0.unacknowledged.removeAll { ids.contains($0.id) } }
    }

    /// As many as on the real broker.
    public let retryLimit = 3

    /// Queues the deliveries again, behind all others; here the pause is no longer than that.
    public func retry(_ failures: [FailedDelivery]) async {
        change { state in
            for failure in failures {
                guard let delivery = state.take(failure.delivery) else { continue }
                state.queue.append(Message(event: delivery.event, retries: delivery.retries + 1))
            }
        }
    }

    /// Puts the deliveries aside; see ``deadLetters``.
    public func deadLetter(_ letters: [DeadLetter]) async {
        change { state in
            for letter in letters where state.take(letter.delivery) != nil { state.deadLetters.append(letter) }
        }
    }

    /// What has been put aside so far, in order.
    public var deadLetters: [DeadLetter] { state.withLock { $0.deadLetters } }

    /// How many messages are queued or delivered but not acknowledged.
    public var depth: Int { state.withLock { $0.queue.count + $0.unacknowledged.count } }

    /// Does what a broken connection does: everything not acknowledged is delivered again, under new numbers.
    public func reconnect() {
        change { state in
            let again = state.unacknowledged.map { Message(event: $0.event, retries: $0.retries) }
            state.queue.insert(contentsOf: again, at: 0)
            state.unacknowledged = []
        }
    }

    /// Ends the subscription once the queue is empty and all that was delivered is settled.
    public func end() { change { $0.isEnded = true } }

    private func change(_ body: (inout State) -> Void) {
        let waiters = state.withLock { state in
            body(&state)
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume() }
    }

    private func waitForChange(unless isStopped: () -> Bool) async {
        let id = state.withLock { state in
            defer { state.nextWaiter += 1 }
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayWait = state.withLock { state in
                    // What came between the look at the queue and here must not be waited for.
                    guard state.queue.isEmpty, !state.isAtEnd, !isStopped(), !Task.isCancelled else { return false }
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
