// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import CQRSMongoDB
public import Hummingbird
internal import Logging
internal import MongoDB
public import ServiceKit
public import ServiceLifecycle

/// The operator's console: a page at `/console` that shows how events flow, and acts on dead letters and read models.
///
/// It knows nothing but projections, so it has whatever read models there are. Run it as a part of the service, and give its
/// routes to the router. While nobody looks it asks nothing of anybody.
public final class OperatorConsole: Service, HTTPController {
    private let mongodb: MongoClient
    private let feed: ConsoleFeed
    private let rebuilds: RebuildDesk
    private let controller: ConsoleController

    /// Prepares a console.
    ///
    /// - Parameters:
    ///   - readModels: all that there are, by their projections.
    ///   - readDatabase: the name of the database with the read models; the record of actions is there, too.
    ///   - writeDatabase: the name of the database with the events.
    ///   - telemetry: whose figures are shown as this service's own.
    /// - Throws: `MongoError` when the client cannot be made.
    public init(
        _ readModels: [any Projection.Type], _ configuration: ConsoleConfiguration, readDatabase: String,
        writeDatabase: String, telemetry: Telemetry
    ) throws {
        let logger = telemetry.logger(for: "console")
        mongodb = try MongoClient(configuration: configuration.mongodb, logger: logger)
        let database = mongodb.database(readDatabase)
        let system = ConsoleSystem(
            events: MongoEventStore(client: mongodb, database: writeDatabase, logger: logger),
            registry: MongoGenerationRegistry(client: mongodb, database: readDatabase), database: database,
            amqp: configuration.amqp)
        let models = readModels.map { inspect($0, in: system) }
        let actions = ActionLog(database: database)
        let metrics = telemetry.metrics
        rebuilds = RebuildDesk(actions: actions, logger: logger)
        feed = ConsoleFeed(
            FlowCollector(
                readModels: models.map(\.name), writers: system.events, registry: system.registry,
                broker: configuration.amqp, rebuilds: rebuilds, metrics: { metrics.render() }))
        controller = ConsoleController(
            system: system, models: models, feed: feed, rebuilds: rebuilds, actions: actions)
    }

    /// Everything under `/console`: the one place to put a guard in front of.
    public var routes: RouteCollection<ServiceRequestContext> { controller.routes }

    /// Serves those who watch, and does what they ask for, until a graceful shutdown.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.feed.run() }
                group.addTask { await self.rebuilds.run() }
            }
        }
        await mongodb.close()
    }
}
