// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Logging
import ServiceLifecycle
import Synchronization

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

    func makeFollower() -> GenerationFollower {
        GenerationFollower(
            registry, readModel: "counts", interval: .milliseconds(5), followTime: Self.followTime, logger: quietLogger)
    }

    /// What an operator's command does.
    func rebuild(edit: (inout RebuildSettings) -> Void = { _ in }) -> GenerationRebuild<
        CountProjection, InMemoryReadModel<Count>
    > {
        var settings = RebuildSettings()
        settings.patience = .seconds(30)
        settings.readerDelay = Self.followTime * 2
        settings.consumerDelay = .seconds(30)
        settings.drainDelay = .seconds(30)
        settings.leaseSilence = .seconds(1)
        edit(&settings)
        return GenerationRebuild(
            CountProjection.self, events: store, registry: registry,
            queues: queues, settings: settings
        ) { self.model($0) }
    }

    /// Stores an event and sends it to all queues.
    func append(_ event: RecordedEvent) async {
        await store.append([event])
        await queues.publish(event)
    }

    /// Runs projectors and a reader around a body.
    func running(_ body: (ServingReadModel<InMemoryReadModel<Count>>) async throws -> Void) async throws {
        let follower = makeFollower()
        let feeds = GenerationFeeds(follower, logger: quietLogger) { feed in
            let broker = self.queues.broker(feed)
            return [
                BenchConsumer(queues: self.queues, feed: feed),
                Projector(
                    CountProjection.self, name: "test", subscription: broker.subscribe(), history: self.store,
                    model: self.model(feed.generation), batchSize: 10, logger: quietLogger),
            ]
        }
        let group = ServiceGroup(configuration: .init(services: [follower, feeds], logger: quietLogger))
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
    let feed: GenerationFeed

    func run() async throws {
        queues.count(feed, 1)
        try? await gracefulShutdown()
        queues.broker(feed).reconnect()
        queues.count(feed, -1)
    }
}

/// The queues of the generations, and which of them get events.
final class BenchQueues: GenerationQueues {
    private struct State {
        var brokers: [GenerationFeed: InMemoryBroker] = [:]
        var bound: Set<GenerationFeed> = [GenerationFeed(.first, hasOwnQueue: false)]
        var consumers: [GenerationFeed: Int] = [:]
        var deleted: Set<GenerationFeed> = []
    }

    private let state = Mutex(State())

    /// Those that were deleted.
    var deleted: Set<GenerationFeed> { state.withLock { $0.deleted } }
    /// Those that get events.
    var bound: Set<GenerationFeed> { state.withLock { $0.bound } }

    /// The permanent queue is one, whoever is fed from it.
    private func key(_ feed: GenerationFeed) -> GenerationFeed {
        feed.hasOwnQueue ? feed : GenerationFeed(.first, hasOwnQueue: false)
    }

    func broker(_ feed: GenerationFeed) -> InMemoryBroker {
        state.withLock { state in
            if let broker = state.brokers[key(feed)] { return broker }
            let broker = InMemoryBroker()
            state.brokers[key(feed)] = broker
            return broker
        }
    }

    func count(_ feed: GenerationFeed, _ change: Int) {
        state.withLock { $0.consumers[key(feed), default: 0] += change }
    }

    func publish(_ event: RecordedEvent) async {
        for feed in bound { await broker(feed).publish(event) }
    }

    /// What waits in the fullest queue.
    var backlog: Int { bound.map { broker($0).depth }.max() ?? 0 }

    func declare(_ feed: GenerationFeed) async { state.withLock { _ = $0.bound.insert(key(feed)) } }
    func consumers(of feed: GenerationFeed) async -> Int { state.withLock { $0.consumers[key(feed)] ?? 0 } }
    func backlog(of feed: GenerationFeed) async -> Int { broker(feed).depth }
    func detach(_ feed: GenerationFeed) async { state.withLock { _ = $0.bound.remove(key(feed)) } }

    func delete(_ feed: GenerationFeed) async {
        precondition(feed.hasOwnQueue)
        state.withLock { state in
            state.bound.remove(feed)
            state.brokers[feed] = nil
            state.deleted.insert(feed)
        }
    }
}
