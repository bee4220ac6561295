// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import ArgumentParser
import CQRS
import CQRSAMQP
import CQRSMongoDB
import Configuration
import Logging
import MongoDB
import ServiceKit
import Users

/// What all commands on dead letters share: which queue, and where the broker is.
struct DeadLetterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The context whose read model put them aside.", valueName: "name"))
    var context = Users.name

    @OptionGroup private var service: ServiceOptions

    func validate() throws {
        let isName =
            !context.isEmpty && context.utf8.count <= 64
            && context.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "_")
            }
        guard isName else { throw ValidationError("a context is named in lower-case letters and _") }
    }

    /// The queue that letters come from and are replayed to.
    var origin: String { EventTopology.queue(of: context) }

    /// The queue that letters are in.
    var queue: String { EventTopology.deadLetterQueue(of: origin) }

    /// Reads the settings and runs `body` with the broker's.
    func run(_ body: (AMQPConfiguration) async throws -> Int32) async throws {
        try await run { broker, _ in try await body(broker) }
    }

    /// The same with the settings themselves.
    func run(_ body: (AMQPConfiguration, ConfigReader) async throws -> Int32) async throws {
        try await service.run { reader in
            (try ConsumerConfiguration(reader: reader).amqp, reader)
        } _: { amqp, reader in
            var configuration = amqp
            configuration.connectionName = configuration.connectionName ?? "consumer dead-letters"
            // Handing out tens of thousands of letters at once keeps a broker busy for a while, in which it answers nobody
            // who asks for that queue.
            configuration.rpcTimeout = max(configuration.rpcTimeout, .seconds(60))
            configuration.publishTimeout = max(configuration.publishTimeout, .seconds(60))
            return try await body(configuration, reader)
        }
    }

    /// The queues that generations of the context's read model are fed from now. The database knows.
    ///
    /// - Throws: `ConfigurationError`; ``OperatorError`` when the database cannot be asked.
    func fedQueues(_ reader: ConfigReader) async throws -> [String] {
        let logger = Logger(label: "mongodb") { _ in SwiftLogNoOpLogHandler() }
        let mongodb = try MongoClient(
            configuration: try reader.module("mongodb") { try MongoConfiguration(reader: $0) }, logger: logger)
        let registry = MongoGenerationRegistry(
            client: mongodb, database: try reader.databaseName("readDatabase", default: "cqrs_read"))
        do {
            let state = try await registry.read(context).state
            await mongodb.close()
            return state.living.map { EventTopology.queue(of: context, state.feed(of: $0)) }
        } catch {
            await mongodb.close()
            throw OperatorError(
                "the database does not say which queues there are (--to QUEUE names one): \(error)",
                OperatorExit.status(of: error))
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
