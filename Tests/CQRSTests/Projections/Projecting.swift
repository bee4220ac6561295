// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import ServiceLifecycle
import Synchronization

/// What something that is away says.
struct Away: CategorizedError {
    var category: FailureCategory { .unavailable }
}

/// Runs a projector until everything delivered so far is settled.
func project<P: Projection>(
    _ broker: InMemoryBroker, with projection: P.Type = CountProjection.self,
    history: any EventHistory = InMemoryEventStore(), into model: some ReadModel<P.Document>, batchSize: Int = 100
) async throws {
    broker.end()
    try await Projector(
        projection, name: "test", subscription: broker.subscribe(), history: history, model: model,
        batchSize: batchSize,
        logger: quietLogger
    ).run()
}

/// Runs a projector around a body, then shuts it down in order.
func projecting(
    _ subscription: some EventSubscription, history: any EventHistory = InMemoryEventStore(),
    into model: some ReadModel<Count>, _ body: () async throws -> Void
) async throws {
    let projector = Projector(
        CountProjection.self, name: "test", subscription: subscription, history: history, model: model, batchSize: 10,
        logger: quietLogger)
    let group = ServiceGroup(configuration: .init(services: [projector], logger: quietLogger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        try await body()
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

extension InMemoryBroker {
    /// Queues one event.
    func publish(_ event: RecordedEvent) async { _ = await publish([event]) }
}

extension Task where Success == Never, Failure == Never {
    /// Lets others run; the suite's time limit ends a wait that is in vain.
    static func yieldUnlessCancelled() async throws {
        try checkCancellation()
        await yield()
    }
}

/// A read model that is away for its first calls, half of them after the write was done.
final class FlakyReadModel: ReadModel {
    let model: InMemoryReadModel<Count>
    private let failures: Mutex<Int>

    init(_ model: InMemoryReadModel<Count>, failures count: Int) {
        self.model = model
        failures = Mutex(count)
    }

    var remaining: Int { failures.withLock { $0 } }

    private func takeFailure() -> Int {
        failures.withLock { count in
            defer { count = max(0, count - 1) }
            return count
        }
    }

    func prepare() async throws {}

    func load(_ streams: Set<StreamID>) async throws -> [StreamID: Count] { await model.load(streams) }

    func write(_ changes: [ReadModelChange<Count>]) async throws -> Set<StreamID> {
        let failure = takeFailure()
        guard failure > 0 else { return await model.write(changes) }
        if failure.isMultiple(of: 2) { _ = await model.write(changes) }
        throw Away()
    }

    func first(where field: ReadModelField<Count>, equals value: String) async throws -> Count? {
        await model.first(where: field, equals: value)
    }
}

/// Refuses a whole bulk for documents in it, as a database does with one that is too large.
final class PickyReadModel: ReadModel {
    struct Refusal: CategorizedError {
        let category: FailureCategory
    }

    let model: InMemoryReadModel<Count>
    private let category: FailureCategory
    /// How often each stream is refused.
    private let refusals: Mutex<[StreamID: Int]>
    private let bulks = Atomic<Int>(0)

    init(_ model: InMemoryReadModel<Count>, refusing refusals: [StreamID: Int], as category: FailureCategory) {
        self.model = model
        self.category = category
        self.refusals = Mutex(refusals)
    }

    /// How many bulks were tried.
    var bulkCount: Int { bulks.load(ordering: .relaxed) }

    func prepare() async throws {}

    func load(_ streams: Set<StreamID>) async throws -> [StreamID: Count] { await model.load(streams) }

    func write(_ changes: [ReadModelChange<Count>]) async throws -> Set<StreamID> {
        bulks.add(1, ordering: .relaxed)
        let isRefused = refusals.withLock { refusals in
            let refused = changes.map(\.stream).filter { refusals[$0, default: 0] > 0 }
            // Only a stream by itself is known to be the one: a bulk can be tried again with others.
            if changes.count == 1, let stream = refused.first { refusals[stream, default: 0] -= 1 }
            return !refused.isEmpty
        }
        if isRefused { throw Refusal(category: category) }
        return await model.write(changes)
    }

    func first(where field: ReadModelField<Count>, equals value: String) async throws -> Count? { nil }
}

/// Delivers, but takes no retries and dead letters for a while.
final class DeafSubscription: EventSubscription {
    let broker: InMemorySubscription
    let isDeaf = Atomic<Bool>(true)

    init(broker: InMemoryBroker) { self.broker = broker.subscribe() }

    func nextBatch(maximum: Int) async throws -> [EventDelivery] { try await broker.nextBatch(maximum: maximum) }
    func stopDelivering() { broker.stopDelivering() }
    func acknowledge(_ deliveries: [EventDelivery]) async throws { await broker.acknowledge(deliveries) }
    var retryLimit: Int { broker.retryLimit }
    func retry(_ failures: [FailedDelivery]) async throws {
        guard !isDeaf.load(ordering: .relaxed) else { throw Away() }
        await broker.retry(failures)
    }
    func deadLetter(_ letters: [DeadLetter]) async throws {
        guard !isDeaf.load(ordering: .relaxed) else { throw Away() }
        await broker.deadLetter(letters)
    }
}
