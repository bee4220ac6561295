// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import CQRSMongoDB
import CQRSUpkeep
import Essentials
import MongoDB
import OperatorKit
import ServiceKit
import ServiceLifecycle
import Synchronization
import Tracing

/// What feeds the generations of one read model: for each a projector, with a connection and a queue of its own, so that no
/// read model waits for another.
final class ReadModelProjectors<P: Projection>: Sendable {
    private let configuration: ConsumerConfiguration
    private let mongodb: MongoClient
    private let publisher: AMQPPublisher
    private let telemetry: Telemetry
    private let tracer: (any Tracer)?
    private let generations: GenerationFollower
    private let consumers = Mutex<[GenerationQueue: [AMQPConsumer]]>([:])

    /// - Parameter publisher: run by somebody else for as long as any of the parts.
    init(
        _ projection: P.Type, _ configuration: ConsumerConfiguration, generations: GenerationWatch,
        mongodb: MongoClient, publisher: AMQPPublisher, telemetry: Telemetry, tracer: (any Tracer)?
    ) {
        self.configuration = configuration
        self.generations = generations.follower(of: P.name)
        self.mongodb = mongodb
        self.publisher = publisher
        self.telemetry = telemetry
        self.tracer = tracer
    }

    /// Runs what feeds the generations.
    var supervisor: GenerationSupervisor {
        GenerationSupervisor(generations, logger: telemetry.logger(for: "generations")) { self.parts(for: $0) }
    }

    /// What feeds one generation from one queue, in the order of their start.
    private func parts(for queue: GenerationQueue) -> [any Service] {
        let queueName = EventTopology.queue(of: P.name, queue)
        let name = queue.name(of: P.name)
        let model = configuration.system.model(P.self, queue.generation, in: mongodb)
        let notices = AMQPChangeNotices(publisher: publisher, readModel: P.name, generation: queue.generation)
        let told = ToldReadModel(model, notices: notices)
        // It is not run and not prepared: that is for those who append. The right to read is enough.
        let events = MongoEventStore(
            client: mongodb, database: configuration.system.writeDatabase, logger: telemetry.logger(for: "events"))
        let catchUp = CatchUp(
            ReadModelAudit(
                P.self, events: events, model: told,
                patience: .seconds(5), parallel: 2),
            ledger: MongoCatchUpLedger(
                collection: mongodb.database(configuration.system.readDatabase).collection("catch_ups"),
                queue: queueName),
            logger: telemetry.logger(for: "catch-up"))
        let parts = EventTopology.parts(of: P.name, eventPatterns: P.eventPatterns, queue: queue)
        // Who has not heard for a while may be about to make what others have just removed, or to close the way that they opened.
        let checkIsCurrent = { @Sendable [generations] in
            guard queue.partitions != .none else { return }
            guard try await generations.current().queues.contains(queue) else { throw OtherPartitions() }
        }
        let consumers = parts.map { part in
            AMQPConsumer(
                configuration: configuration.system.amqp, queue: part.queue, prefetch: configuration.prefetch,
                topology: part.topology, willDeclare: checkIsCurrent,
                willCreateQueue: { try await catchUp.request() }, logger: telemetry.logger(for: "amqp"))
        }
        let stopped = StoppedStreams()
        // One for each queue, so that what waits in one holds up no other's order.
        let projectors = zip(parts.map(\.queue), consumers).map { source, consumer in
            Projector(
                P.self, name: name,
                // What comes a second time comes from the queue itself.
                subscription: AMQPEventSubscription(consumer: consumer, publisher: publisher, queue: queueName),
                history: events, model: model.traced(by: tracer), notices: notices, batchSize: configuration.batchSize,
                stopped: stopped,
                tracing: tracer.map { ProjectionTracing(tracer: $0, system: "rabbitmq", destination: source) },
                logger: telemetry.logger(for: "projector"), onStep: configuration.onStep)
        }
        let isConnected = { @Sendable in consumers.allSatisfy { $0.status == .connected } }
        let sightings = QueueSightings()
        let watch = QueueWatch(
            configuration: configuration.system.amqp, queue: queue, of: P.self,
            mayChangeBindings: { (try? await checkIsCurrent()) != nil },
            share: PartitionShare(Array(consumers.dropFirst())),
            inHand: { consumers.reduce(0) { $0 + $1.unsettledCount } }, sightings: sightings,
            logger: telemetry.logger(for: "amqp"))
        let losses = LossWatch(
            P.self, name: name, events: events, model: told,
            queue: sightings,
            ledger: MongoArrivalLedger(
                collection: mongodb.database(configuration.system.readDatabase).collection("arrivals"), queue: queueName
            ),
            logger: telemetry.logger(for: "loss-watch"))
        self.consumers.withLock { $0[queue] = consumers }
        let ending = AtShutdown { [self] in
            self.consumers.withLock { known in
                if known[queue]?.first === consumers.first { known[queue] = nil }
            }
        }
        let upkeep: [any Service] = [
            UntilShutdown { await watch.run() },
            UntilShutdown { await catchUp.run(once: isConnected) },
            UntilShutdown { await losses.run(once: isConnected) },
        ]
        return [ending] + consumers.map { consumer in UntilShutdown { try await consumer.run() } } + upkeep + projectors
    }

    /// Whether what is read is fed. A pause during a switch is no reason to get no requests.
    var readiness: Readiness {
        guard let state = generations.latest else { return .notReady("it is not known yet which generation serves") }
        let fed = state.queues.filter { state.read.contains($0.generation) }
        for consumers in consumers.withLock({ consumers in fed.map { consumers[$0] } }) {
            guard let consumers else { return .notReady("connecting") }
            for readiness in consumers.map(\.status.readiness) {
                guard case .ready = readiness else { return readiness }
            }
        }
        return .ready
    }
}

/// Others than those that this process knew.
private struct OtherPartitions: Error, CustomStringConvertible {
    var description: String { "the queue has other partitions now" }
}
