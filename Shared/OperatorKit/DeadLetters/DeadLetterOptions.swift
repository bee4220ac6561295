// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import ArgumentParser
internal import CQRS
internal import CQRSAMQP
internal import CQRSMongoDB
internal import Logging
internal import MongoDB
internal import ServiceKit

/// What all commands on dead letters share: which queue, and where the broker is.
struct DeadLetterOptions<Owner: ReadModelOwner>: ParsableArguments {
    @Option(help: ArgumentHelp("The read model that put them aside.", valueName: "name"))
    var readModel = ReadModelName<Owner>.first

    @OptionGroup private var service: ServiceOptions

    /// The queue that letters come from and are replayed to.
    var origin: String { EventTopology.queue(of: readModel.name) }

    /// The queue that letters are in.
    var queue: String { EventTopology.deadLetterQueue(of: origin) }

    /// Reads the settings and runs `body` with the broker's.
    func run(_ body: (AMQPConfiguration) async throws -> Int32) async throws {
        try await run { broker, _ in try await body(broker) }
    }

    /// The same with all settings.
    func run(_ body: (AMQPConfiguration, SystemConfiguration) async throws -> Int32) async throws {
        try await service.run {
            try SystemConfiguration(reader: $0)
        } _: { system in
            var configuration = system.amqp
            configuration.connectionName = configuration.connectionName ?? "consumer dead-letters"
            // Handing out tens of thousands of letters at once keeps a broker busy for a while, in which it answers nobody
            // who asks for that queue.
            configuration.rpcTimeout = max(configuration.rpcTimeout, .seconds(60))
            configuration.publishTimeout = max(configuration.publishTimeout, .seconds(60))
            return try await body(configuration, system)
        }
    }

    /// The queues that generations of the read model are fed from now. The database knows.
    ///
    /// - Throws: ``OperatorError`` when the database cannot be asked.
    func fedQueues(_ system: SystemConfiguration) async throws -> [String] {
        let logger = Logger(label: "mongodb") { _ in SwiftLogNoOpLogHandler() }
        let mongodb = try MongoClient(configuration: system.mongodb, logger: logger)
        do {
            let state = try await system.generations(in: mongodb).read(readModel.name).state
            await mongodb.close()
            return EventTopology.queues(of: readModel.name, in: state)
        } catch {
            await mongodb.close()
            throw OperatorError(
                "the database does not say which queues there are (--to QUEUE names one): \(error)",
                OperatorExit.status(of: error))
        }
    }

    /// How many letters the other read models have that have any.
    ///
    /// - Throws: ``OperatorError`` when the broker cannot be asked.
    func lettersOfOthers(_ configuration: AMQPConfiguration) async throws -> [(name: String, count: Int)] {
        do {
            return try await AMQPConnection.withConnection(configuration) { connection in
                var found: [(name: String, count: Int)] = []
                for other in Owner.readModels where other.name != readModel.name {
                    let queue = EventTopology.deadLetterQueue(of: EventTopology.queue(of: other.name))
                    do {
                        let count = try await connection.checkQueue(queue).messages
                        if count > 0 { found.append((other.name, count)) }
                    } catch let error as AMQPError where error.code == .notFound {}
                }
                return found
            }
        } catch let error as AMQPError {
            throw OperatorError(error, broker: configuration, missing: "")
        }
    }

    /// Connects and passes the queue of letters on.
    ///
    /// - Throws: ``OperatorError`` for what the broker, or the way to it, is to blame for.
    func withLetters<Value: Sendable>(
        _ configuration: AMQPConfiguration, _ body: (DeadLetterQueue) async throws -> Value
    ) async throws -> Value {
        do {
            return try await DeadLetterQueue.withQueue(queue, configuration, body)
        } catch let error as AMQPError {
            throw OperatorError(
                error, broker: configuration,
                missing: "there is no queue \(queue): `consumer topology declare` makes it")
        }
    }
}
