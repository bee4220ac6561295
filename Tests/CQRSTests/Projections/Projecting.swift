// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
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
        projection, name: "test", subscription: broker, history: history, model: model, batchSize: batchSize,
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
