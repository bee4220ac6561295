// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP
public import CQRS
public import CQRSMongoDB
public import Configuration
public import MongoDB
public import OTLPTracing
public import ServiceKit

/// Where events and read models are, as the consumer and the commands for operators read it.
public struct SystemConfiguration: Sendable {
    /// What is logged, and how.
    public var log: LogConfiguration
    /// What is traced; `nil` for nothing.
    public let tracing: OTLPTracingConfiguration?
    /// The broker.
    public let amqp: AMQPConfiguration
    /// The database server.
    public let mongodb: MongoConfiguration
    /// `READ_DATABASE`: the database with the read models. Default `cqrs_read`.
    public let readDatabase: String
    /// `WRITE_DATABASE`: the database with the events, which are only read. Default `cqrs_write`.
    public let writeDatabase: String

    /// Reads the settings.
    ///
    /// - Throws: `ConfigurationError` with the name of the one that is wrong.
    public init(reader: ConfigReader) throws {
        log = try LogConfiguration(reader: reader.scoped(to: "log"))
        tracing = try reader.module("otel") {
            try OTLPTracingConfiguration(reader: $0, service: "consumer", version: projectVersion)
        }
        amqp = try reader.module("amqp") { try AMQPConfiguration(reader: $0) }
        mongodb = try reader.module("mongodb") { try MongoConfiguration(reader: $0) }
        readDatabase = try reader.databaseName("readDatabase", default: "cqrs_read")
        writeDatabase = try reader.databaseName("writeDatabase", default: "cqrs_write")
    }

    /// The documents of one generation of a read model.
    public func model<P: Projection>(
        _ projection: P.Type, _ generation: Generation, in mongodb: MongoClient
    ) -> MongoReadModel<P.Document> {
        MongoReadModel(P.self, generation, in: mongodb.database(readDatabase))
    }

    /// Which generations there are.
    public func generations(in mongodb: MongoClient) -> MongoGenerationRegistry {
        MongoGenerationRegistry(client: mongodb, database: readDatabase)
    }
}
