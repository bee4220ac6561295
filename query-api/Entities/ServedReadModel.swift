// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSAMQP
import CQRSMongoDB
import CQRSServing
import Essentials
import Logging
import MongoDB
import ServiceKit
import ServiceLifecycle

/// One read model as the query API serves it: the generation that serves, a near cache of it, and a feed of its changes.
struct ServedReadModel<P: Projection, Answer: Sendable> {
    typealias Model = ServingReadModel<MongoReadModel<P.Document>>

    let model: Model
    let cache: NearCache<Model, Answer>
    let feed: EntityFeed<P.Document>
    /// All that runs for it, in the order of its start.
    let parts: [any Service]
}

/// A context as the query API serves it.
struct ServedContext {
    /// What it answers by REST, if anything.
    let controller: (any HTTPController)?
    /// All that runs for it, in the order of its start.
    let parts: [any Service]
    /// What it answers by GraphQL, if anything.
    var graph: (any GraphQLAnswers)?
}

/// What all served read models share.
struct ReadModelServing {
    let configuration: QueryAPIConfiguration
    let mongodb: MongoClient
    /// The truth, for the past and for what a read model does not show yet.
    let events: any EventQueries
    /// What the writers tell.
    let told: AMQPNoticeFeed
    let telemetry: Telemetry
    /// Tells of the generations of all that is served.
    let generations: GenerationWatch
    /// What is served, noted as it comes.
    let readModels = ServedReadModels()

    /// Serves a read model.
    ///
    /// - Parameters:
    ///   - content: what is kept of a document for answers.
    ///   - item: writes an entity for those who follow changes; `nil` for a document that is not shown.
    func serve<P: Projection, Answer>(
        _ projection: P.Type, _ content: NearCacheContent<P.Document, Answer>,
        _ item: @escaping @Sendable (P.Document) -> ((inout JSONWriter) -> Void)?
    ) -> ServedReadModel<P, Answer> {
        told.follow(P.name)
        readModels.add(P.self)
        let generations = generations.follower(of: P.name)
        let model = model(of: P.self)
        let (told, serving) = (told, ServingReadModel(generations, model: model))
        let cache = makeCache(
            P.self, configuration, of: serving,
            notices: ServingNotices(generations) { told.notices(of: P.name, $0) }, content, telemetry)
        let feed = makeFeed(P.self, configuration, of: ServingChanges(generations, model: model), telemetry, item)
        return ServedReadModel(model: serving, cache: cache, feed: feed, parts: [cache, feed])
    }

    /// Serves pages of a read model, and nothing else of it.
    func list<P: Projection>(_ projection: P.Type) -> ServingReadModel<MongoReadModel<P.Document>> {
        readModels.add(P.self)
        return ServingReadModel(generations.follower(of: P.name), model: model(of: P.self))
    }

    private func model<P: Projection>(of projection: P.Type) -> @Sendable (Generation) -> MongoReadModel<P.Document> {
        let (database, finds) = (mongodb.database(configuration.readDatabase), GroupedFinds())
        return { MongoReadModel(P.self, $0, in: database, finds: finds) }
    }
}

/// What single entities are answered from: a near cache over a read model, and what its writers tell.
func makeCache<P: Projection, Model: ReadModelQueries<P.Document>, Answer>(
    _ projection: P.Type, _ configuration: QueryAPIConfiguration, of model: Model, notices: some ReadModelNotices,
    _ content: NearCacheContent<P.Document, Answer>, _ telemetry: Telemetry
) -> NearCache<Model, Answer> {
    NearCache(
        P.name, of: model, notices: notices, content: content, capacityBytes: configuration.cacheBytes,
        logger: telemetry.logger(for: "near-cache"))
}

/// The feed of changes that clients follow.
func makeFeed<P: Projection>(
    _ projection: P.Type, _ configuration: QueryAPIConfiguration, of changes: some ReadModelChanges<P.Document>,
    _ telemetry: Telemetry, _ item: @escaping @Sendable (P.Document) -> ((inout JSONWriter) -> Void)?
) -> EntityFeed<P.Document> {
    EntityFeed(
        P.name, changes: changes, capacityBytes: configuration.changesBytes, logger: telemetry.logger(for: "changes")
    ) { change, position in
        let event = ServerSentEvent(change, at: position, item)
        return (event, event.sizeBytes)
    }
}
