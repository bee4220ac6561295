// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import CQRS
internal import CQRSAMQP
internal import Essentials
internal import Synchronization

/// Collects the figures of the whole flow, once a second, from where they are: the event store, the broker and this process.
///
/// None of the three waits for another, so that one that is away takes nothing from what the others say.
final class FlowCollector: Sendable {
    /// The pause between two looks.
    static let interval = Duration.seconds(1)

    fileprivate struct State {
        var write = Looked<WriteFigures>()
        /// As the registry said last; `nil` before it has.
        var registry: [String: Result<GenerationRecord, any Error>]?
        var broker = Looked<BrokerFigures>()
        var ready: [String: RateWindow] = [:]
    }

    private let readModels: [String]
    private let writers: any WriterCheckpoints
    private let registry: any GenerationRegistry
    private let broker: AMQPConfiguration
    private let rebuilds: RebuildDesk
    private let metrics: @Sendable () -> [UInt8]
    private let state = Mutex(State())

    /// - Parameters:
    ///   - readModels: by their permanent names.
    ///   - broker: asked over one connection for as long as somebody watches.
    ///   - metrics: this process's own, in Prometheus' text format.
    init(
        readModels: [String], writers: any WriterCheckpoints, registry: any GenerationRegistry,
        broker: AMQPConfiguration, rebuilds: RebuildDesk, metrics: @escaping @Sendable () -> [UInt8]
    ) {
        self.readModels = readModels
        self.writers = writers
        self.registry = registry
        self.broker = broker
        self.rebuilds = rebuilds
        self.metrics = metrics
    }

    /// Looks until it is cancelled.
    ///
    /// - Parameter onSnapshot: gets what is known, once a second.
    func run(_ onSnapshot: @escaping @Sendable (FlowSnapshot) -> Void) async {
        // What was known when somebody watched last is not of now, and no beginning of a rate.
        state.withLock { $0 = State() }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.watchStore() }
            group.addTask { await self.watchBroker() }
            group.addTask { await self.tell(onSnapshot) }
        }
    }

    private func watchStore() async {
        var watch = WriteWatch(writers)
        while !Task.isCancelled {
            do {
                let records = try await registry.readAll()
                state.withLock { $0.registry = records }
                let figures = try await watch.look()
                state.withLock { $0.write.saw(figures) }
            } catch {
                state.withLock { $0.write.failed(error) }
            }
            try? await Task.sleep(for: Self.interval)
        }
    }

    private func watchBroker() async {
        while !Task.isCancelled {
            do {
                try await AMQPConnection.withConnection(broker) { connection in
                    while !Task.isCancelled {
                        let known = state.withLock { state in
                            readModels.map { (name: $0, generations: state.generations(of: $0)) }
                        }
                        let figures = try await BrokerFigures.look(connection, known)
                        state.withLock { $0.note(figures, at: .now) }
                        try? await Task.sleep(for: Self.interval)
                    }
                }
            } catch {
                state.withLock { $0.broker.failed(error) }
            }
            try? await Task.sleep(for: Self.interval)
        }
    }

    private func tell(_ onSnapshot: @Sendable (FlowSnapshot) -> Void) async {
        var own = OwnWatch()
        // The first looks are under way.
        try? await Task.sleep(for: .milliseconds(200))
        while !Task.isCancelled {
            let figures = own.note(OwnFigures(metrics()), readModels: readModels, at: .now)
            onSnapshot(snapshot(figures))
            try? await Task.sleep(for: Self.interval)
        }
    }

    private func snapshot(_ own: OwnWatch.Figures) -> FlowSnapshot {
        let work = rebuilds.work
        return state.withLock { state in
            FlowSnapshot(
                at: .now(), own: own, write: state.write.value, writeTrouble: state.write.trouble(),
                unrouted: state.broker.value?.unrouted, brokerTrouble: state.broker.trouble(),
                readModels: readModels.map { name in
                    ReadModelFigures(
                        name: name, queues: state.broker.value?.readModels[name],
                        readyPerSecond: state.ready[name]?.perSecond ?? 0, cache: own.caches[name],
                        generations: state.generations(of: name), rebuild: work[name])
                })
        }
    }
}

extension FlowCollector.State {
    /// `nil` before the registry has answered, and where what it says cannot be read.
    fileprivate func generations(of readModel: String) -> GenerationState? {
        guard let registry else { return nil }
        return switch registry[readModel] {
        case nil: GenerationState()
        case .success(let record)?: record.state
        case .failure?: nil
        }
    }

    fileprivate mutating func note(_ figures: BrokerFigures, at now: ContinuousClock.Instant) {
        broker.saw(figures, at: now)
        for (name, queues) in figures.readModels {
            guard let serving = queues.serving else { continue }
            ready[name, default: RateWindow()].note(Double(serving.state?.messages ?? 0), at: now)
        }
    }
}
