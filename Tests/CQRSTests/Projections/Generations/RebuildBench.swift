// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Logging
import ServiceLifecycle
import Synchronization
import Tracing

@testable import CQRSServing
@testable import CQRSUpkeep

/// Everything around a read model with generations, in memory: events, queues, projectors that follow the registry, and
/// a reader.
final class RebuildBench: Sendable {
    let store = InMemoryEventStore()
    let registry = InMemoryGenerationRegistry()
    let queues = BenchQueues()
    private let models = Mutex<[Generation: InMemoryReadModel<Count>]>([:])

    /// How late followers may be here, and how long a rebuild waits for them.
    static let followTime = Duration.milliseconds(100)

    func model(_ generation: Generation) -> InMemoryReadModel<Count> {
        models.withLock { models in
            if let model = models[generation] { return model }
            let model = InMemoryReadModel<Count>()
            models[generation] = model
            return model
        }
    }

    var state: GenerationState { get async { await registry.read("counts").state } }

    func makeWatch() -> GenerationWatch {
        GenerationWatch(registry, interval: .milliseconds(5), followTime: Self.followTime, logger: quietLogger)
    }

    /// One that nobody watches for.
    func makeFollower() -> GenerationFollower { makeWatch().follower(of: "counts") }

    /// What an operator's command does.
    func rebuild(
        tracer: (any Tracer)? = nil, edit: (inout RebuildSettings) -> Void = { _ in }
    ) -> GenerationRebuild<CountProjection, InMemoryReadModel<Count>> {
        var settings = RebuildSettings()
        settings.patience = .seconds(30)
        settings.readerDelay = Self.followTime * 2
        settings.consumerDelay = .seconds(30)
        settings.drainDelay = .seconds(30)
        settings.leaseSilence = .seconds(1)
        edit(&settings)
        return GenerationRebuild(
            CountProjection.self, events: store, registry: registry,
            queues: queues, settings: settings, tracer: tracer
        ) { self.model($0) }
    }

    /// Stores an event and sends it to all queues.
    func append(_ event: RecordedEvent) async {
        await store.append([event])
        await queues.publish(event)
    }

    /// Runs projectors and a reader around a body.
    func running(_ body: (ServingReadModel<InMemoryReadModel<Count>>) async throws -> Void) async throws {
        let watch = makeWatch()
        let follower = watch.follower(of: "counts")
        let supervisor = GenerationSupervisor(follower, logger: quietLogger) { queue in
            let broker = self.queues.broker(queue)
            return [
                BenchConsumer(queues: self.queues, queue: queue),
                Projector(
                    CountProjection.self, name: "test", subscription: broker.subscribe(), history: self.store,
                    model: self.model(queue.generation), batchSize: 10, logger: quietLogger),
            ]
        }
        let group = ServiceGroup(configuration: .init(services: [watch, supervisor], logger: quietLogger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            do {
                try await body(ServingReadModel(follower) { self.model($0) })
            } catch {
                tasks.cancelAll()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}

/// Holds a queue's place among its consumers, and gives back what its projector leaves.
private struct BenchConsumer: Service {
    let queues: BenchQueues
    let queue: GenerationQueue

    func run() async throws {
        queues.count(queue, 1)
        try? await gracefulShutdown()
        queues.broker(queue).reconnect()
        queues.count(queue, -1)
    }
}

/// The queues of the generations, and which of them get events.
final class BenchQueues: GenerationQueues {
    private struct State {
        var brokers: [GenerationQueue: InMemoryBroker] = [:]
        var bound: Set<GenerationQueue> = [GenerationQueue(.first, hasOwnQueue: false)]
        var consumers: [GenerationQueue: Int] = [:]
        var deleted: Set<GenerationQueue> = []
        var declared: [Partitions] = []
        var leftovers = 0
        var onDeclare: @Sendable () async throws -> Void = {}
    }

    private let state = Mutex(State())

    /// Those that were deleted.
    var deleted: Set<GenerationQueue> { state.withLock { $0.deleted } }
    /// Those that get events.
    var bound: Set<GenerationQueue> { state.withLock { $0.bound } }

    /// The permanent queue is one, whoever is fed from it.
    private func key(_ queue: GenerationQueue) -> GenerationQueue {
        queue.hasOwnQueue
            ? GenerationQueue(queue.generation, hasOwnQueue: true) : GenerationQueue(.first, hasOwnQueue: false)
    }

    func broker(_ queue: GenerationQueue) -> InMemoryBroker {
        state.withLock { state in
            if let broker = state.brokers[key(queue)] { return broker }
            let broker = InMemoryBroker()
            state.brokers[key(queue)] = broker
            return broker
        }
    }

    func count(_ queue: GenerationQueue, _ change: Int) {
        state.withLock { $0.consumers[key(queue), default: 0] += change }
    }

    func publish(_ event: RecordedEvent) async {
        for queue in bound { await broker(queue).publish(event) }
    }

    /// What waits in the fullest queue.
    var backlog: Int { bound.map { broker($0).depth }.max() ?? 0 }

    /// The partitions that were declared, one after the other, and those that were left after a removal.
    var partitions: [Partitions] { state.withLock { $0.declared } }
    /// The messages in partitions that get nothing new.
    var leftovers: Int {
        get { state.withLock { $0.leftovers } }
        set { state.withLock { $0.leftovers = newValue } }
    }

    /// Has something done before each declaration.
    func onDeclare(_ body: @escaping @Sendable () async throws -> Void) { state.withLock { $0.onDeclare = body } }

    func declare(_ queue: GenerationQueue) async throws {
        try await state.withLock { $0.onDeclare }()
        state.withLock { state in
            state.bound.insert(key(queue))
            state.declared.append(queue.partitions)
        }
    }

    func consumers(of queue: GenerationQueue, _ part: GenerationQueuePart) async -> Int {
        part == .leftovers ? 0 : state.withLock { $0.consumers[key(queue)] ?? 0 }
    }

    func backlog(of queue: GenerationQueue, _ part: GenerationQueuePart) async -> Int {
        part == .leftovers ? leftovers : broker(queue).depth
    }

    func detach(_ queue: GenerationQueue) async { state.withLock { _ = $0.bound.remove(key(queue)) } }

    func delete(_ queue: GenerationQueue, _ part: GenerationQueuePart) async {
        guard part == .whole else {
            return state.withLock { $0.declared.append(Partitions(bound: queue.partitions.bound)) }
        }
        precondition(queue.hasOwnQueue)
        state.withLock { state in
            state.bound.remove(queue)
            state.brokers[queue] = nil
            state.deleted.insert(queue)
        }
    }
}
