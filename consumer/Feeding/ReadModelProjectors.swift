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
    private let consumers = Mutex<[GenerationQueue: AMQPConsumer]>([:])

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
        let consumer = AMQPConsumer(
            configuration: configuration.system.amqp, queue: queueName, prefetch: configuration.prefetch,
            topology: EventTopology.subscription(of: P.name, eventPatterns: P.eventPatterns, queue: queue),
            willCreateQueue: { try await catchUp.request() }, logger: telemetry.logger(for: "amqp"))
        let projector = Projector(
            P.self, name: name,
            subscription: AMQPEventSubscription(consumer: consumer, publisher: publisher, queue: queueName),
            history: events, model: model.traced(by: tracer), notices: notices, batchSize: configuration.batchSize,
            tracing: tracer.map { ProjectionTracing(tracer: $0, system: "rabbitmq", destination: queueName) },
            logger: telemetry.logger(for: "projector"), onStep: configuration.onStep)
        let sightings = QueueSightings()
        let lag = QueueLag(
            configuration: configuration.system.amqp, queue: queueName, projection: name,
            inHand: { consumer.unsettledCount },
            sightings: sightings, logger: telemetry.logger(for: "amqp"))
        let losses = LossWatch(
            P.self, name: name, events: events, model: told,
            queue: sightings,
            ledger: MongoArrivalLedger(
                collection: mongodb.database(configuration.system.readDatabase).collection("arrivals"), queue: queueName
            ),
            logger: telemetry.logger(for: "loss-watch"))
        consumers.withLock { $0[queue] = consumer }
        return [
            AtShutdown { [self] in
                consumers.withLock { consumers in
                    if consumers[queue] === consumer { consumers[queue] = nil }
                }
            },
            UntilShutdown { try await consumer.run() },
            UntilShutdown { await lag.run() },
            UntilShutdown { await catchUp.run { consumer.status == .connected } },
            UntilShutdown { await losses.run { consumer.status == .connected } },
            projector,
        ]
    }

    /// Whether what is read is fed. A pause during a switch is no reason to get no requests.
    var readiness: Readiness {
        guard let state = generations.latest else { return .notReady("it is not known yet which generation serves") }
        let fed = state.queues.filter { state.read.contains($0.generation) }
        for consumer in consumers.withLock({ consumers in fed.map { consumers[$0] } }) {
            guard let consumer else { return .notReady("connecting") }
            guard case .ready = consumer.status.readiness else { return consumer.status.readiness }
        }
        return .ready
    }
}
