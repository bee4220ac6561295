// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Synchronization

/// One subscriber of an ``InMemoryBroker``. Others of the same broker take from the same queue.
public final class InMemorySubscription: EventSubscription {
    private let broker: InMemoryBroker
    private let isStopped = Atomic<Bool>(false)

    init(broker: InMemoryBroker) { self.broker = broker }

    /// Waits for deliveries; see ``EventSubscription/nextBatch(maximum:)``.
    public func nextBatch(maximum: Int) async throws -> [EventDelivery] {
        try await broker.nextBatch(maximum: maximum) { isStopped.load(ordering: .acquiring) }
    }

    /// Delivers nothing more to this subscriber; what is queued is left to others.
    public func stopDelivering() {
        isStopped.store(true, ordering: .releasing)
        broker.stopped()
    }

    /// As ``InMemoryBroker/acknowledge(_:)``.
    public func acknowledge(_ deliveries: [EventDelivery]) async { await broker.acknowledge(deliveries) }

    /// As many as on the real broker.
    public var retryLimit: Int { broker.retryLimit }

    /// As ``InMemoryBroker/retry(_:)``.
    public func retry(_ failures: [FailedDelivery]) async { await broker.retry(failures) }

    /// As ``InMemoryBroker/deadLetter(_:)``.
    public func deadLetter(_ letters: [DeadLetter]) async { await broker.deadLetter(letters) }
}
