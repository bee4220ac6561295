// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import CQRSMongoDB
import Essentials
import MongoDB
import ServiceKit
import ServiceLifecycle
import Synchronization

/// What feeds the generations of one read model: for each a projector, with a connection and a queue of its own, so that no
/// read model waits for another.
final class ReadModelFeeds<P: Projection>: Sendable {
    private let configuration: ConsumerConfiguration
    private let mongodb: MongoClient
    private let publisher: AMQPPublisher
    private let telemetry: Telemetry
    private let generations: GenerationFollower
    private let consumers = Mutex<[GenerationFeed: AMQPConsumer]>([:])

    /// - Parameter publisher: run by somebody else for as long as any feed.
    init(
        _ projection: P.Type, _ configuration: ConsumerConfiguration, mongodb: MongoClient, publisher: AMQPPublisher,
        telemetry: Telemetry
    ) {
        self.configuration = configuration
        generations = GenerationFollower(
            configuration.generations(in: mongodb), readModel: P.name, interval: .seconds(1),
            logger: telemetry.logger(for: "generations"))
        self.mongodb = mongodb
        self.publisher = publisher
        self.telemetry = telemetry
    }

    /// All that feeds the read model, in the order of its start.
    var parts: [any Service] {
        [
            generations,
            GenerationFeeds(generations, logger: telemetry.logger(for: "generations")) { self.parts(for: $0) },
        ]
    }

    /// The parts of one feed, in the order of their start.
    private func parts(for feed: GenerationFeed) -> [any Service] {
        let queue = EventTopology.queue(of: P.name, feed)
        let name = feed.name(of: P.name)
        let model = configuration.model(P.self, feed.generation, in: mongodb)
        let notices = AMQPChangeNotices(publisher: publisher, readModel: P.name, generation: feed.generation)
        let told = ToldReadModel(model, notices: notices)
        // It is not run and not prepared: that is for those who append. The right to read is enough.
        let events = MongoEventStore(
            client: mongodb, database: configuration.writeDatabase, logger: telemetry.logger(for: "events"))
        let catchUp = CatchUp(
            ReadModelAudit(
                P.self, events: events, model: told,
                patience: .seconds(5), parallel: 2),
            ledger: MongoCatchUpLedger(
                collection: mongodb.database(configuration.readDatabase).collection("catch_ups"), queue: queue),
            logger: telemetry.logger(for: "catch-up"))
        let consumer = AMQPConsumer(
            configuration: configuration.amqp, queue: queue, prefetch: configuration.prefetch,
            topology: EventTopology.subscription(of: P.name, eventPatterns: P.eventPatterns, feed: feed),
            willCreateQueue: { try await catchUp.request() }, logger: telemetry.logger(for: "amqp"))
        let projector = Projector(
            P.self, name: name,
            subscription: AMQPEventSubscription(consumer: consumer, publisher: publisher, queue: queue),
            history: events, model: model, notices: notices, batchSize: configuration.batchSize,
            logger: telemetry.logger(for: "projector"), onStep: configuration.onStep)
        let sightings = QueueSightings()
        let lag = QueueLag(
            configuration: configuration.amqp, queue: queue, projection: name, inHand: { consumer.unsettledCount },
            sightings: sightings, logger: telemetry.logger(for: "amqp"))
        let losses = LossWatch(
            P.self, name: name, events: events, model: told,
            queue: sightings,
            ledger: MongoArrivalLedger(
                collection: mongodb.database(configuration.readDatabase).collection("arrivals"), queue: queue),
            logger: telemetry.logger(for: "loss-watch"))
        consumers.withLock { $0[feed] = consumer }
        return [
            AtShutdown { [self] in
                consumers.withLock { consumers in
                    if consumers[feed] === consumer { consumers[feed] = nil }
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
        let fed = state.feeds.filter { state.read.contains($0.generation) }
        for consumer in consumers.withLock({ consumers in fed.map { consumers[$0] } }) {
            guard let consumer else { return .notReady("connecting") }
            guard case .ready = consumer.status.readiness else { return consumer.status.readiness }
        }
        return .ready
    }
}

extension ConsumerConfiguration {
    /// The documents of one generation of a read model.
    func model<P: Projection>(
        _ projection: P.Type, _ generation: Generation, in mongodb: MongoClient
    ) -> MongoReadModel<P.Document> {
        MongoReadModel(P.self, generation, in: mongodb.database(readDatabase))
    }

    /// Which generations there are.
    func generations(in mongodb: MongoClient) -> MongoGenerationRegistry {
        MongoGenerationRegistry(client: mongodb, database: readDatabase)
    }
}
