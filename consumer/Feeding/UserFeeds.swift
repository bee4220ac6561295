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
import Users

/// What feeds the generations of the users' read model: for each a projector, with a connection and a queue.
final class UserFeeds: Sendable {
    private let configuration: ConsumerConfiguration
    private let mongodb: MongoClient
    private let publisher: AMQPPublisher
    private let telemetry: Telemetry
    private let consumers = Mutex<[GenerationFeed: AMQPConsumer]>([:])

    /// - Parameter publisher: run by somebody else for as long as any feed.
    init(_ configuration: ConsumerConfiguration, mongodb: MongoClient, publisher: AMQPPublisher, telemetry: Telemetry) {
        self.configuration = configuration
        self.mongodb = mongodb
        self.publisher = publisher
        self.telemetry = telemetry
    }

    /// The parts of one feed, in the order of their start.
    func parts(for feed: GenerationFeed) -> [any Service] {
        let queue = EventTopology.queue(of: Users.name, feed)
        let name = feed.name(of: Users.name)
        let model = configuration.users(feed.generation, in: mongodb)
        let notices = AMQPChangeNotices(publisher: publisher, readModel: Users.name, generation: feed.generation)
        let told = ToldReadModel(model, notices: notices)
        // It is not run and not prepared: that is for those who append. The right to read is enough.
        let events = MongoEventStore(
            client: mongodb, database: configuration.writeDatabase, logger: telemetry.logger(for: "events"))
        let catchUp = CatchUp(
            ReadModelAudit(
                UserProjection.self, events: events, model: told, category: Users.streamCategory,
                patience: .seconds(5), parallel: 2),
            ledger: MongoCatchUpLedger(
                collection: mongodb.database(configuration.readDatabase).collection("catch_ups"), queue: queue),
            logger: telemetry.logger(for: "catch-up"))
        let consumer = AMQPConsumer(
            configuration: configuration.amqp, queue: queue, prefetch: configuration.prefetch,
            topology: EventTopology.subscription(of: Users.name, eventPattern: Users.eventPattern, feed: feed),
            willCreateQueue: { try await catchUp.request() }, logger: telemetry.logger(for: "amqp"))
        let projector = Projector(
            UserProjection.self, name: name,
            subscription: AMQPEventSubscription(consumer: consumer, publisher: publisher, queue: queue),
            history: events, model: model, notices: notices, batchSize: configuration.batchSize,
            logger: telemetry.logger(for: "projector"), onStep: configuration.onStep)
        let sightings = QueueSightings()
        let lag = QueueLag(
            configuration: configuration.amqp, queue: queue, projection: name, inHand: { consumer.unsettledCount },
            sightings: sightings, logger: telemetry.logger(for: "amqp"))
        let losses = LossWatch(
            UserProjection.self, name: name, events: events, model: told, category: Users.streamCategory,
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
    func readiness(of state: GenerationState?) -> Readiness {
        guard let state else { return .notReady("it is not known yet which generation serves") }
        let fed = state.feeds.filter { state.read.contains($0.generation) }
        for consumer in consumers.withLock({ consumers in fed.map { consumers[$0] } }) {
            guard let consumer else { return .notReady("connecting") }
            guard case .ready = consumer.status.readiness else { return consumer.status.readiness }
        }
        return .ready
    }
}

extension ConsumerConfiguration {
    /// The documents of one generation of the users' read model.
    func users(_ generation: Generation, in mongodb: MongoClient) -> MongoReadModel<UserDocument> {
        MongoReadModel(
            collection: mongodb.database(readDatabase).collection(generation.name(of: Users.name)),
            lookups: [UserDocument.byEmail], lists: [UserDocument.byName])
    }

    /// Which generations there are.
    func generations(in mongodb: MongoClient) -> MongoGenerationRegistry {
        MongoGenerationRegistry(client: mongodb, database: readDatabase)
    }
}
