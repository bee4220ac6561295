// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP
internal import CQRSAMQP
internal import CQRSMongoDB
public import Configuration
public import MongoDB
internal import ServiceKit

/// Where the console looks and acts.
///
/// A service that only reads has a login that only reads. What the console does needs more, so it can be given logins of its
/// own.
public struct ConsoleConfiguration: Sendable {
    /// `CONSOLE_AMQP_URL`: the broker as the console asks it and acts on it, with the rights of the consumer's user; by default
    /// that of the service. Secret.
    public let amqp: AMQPConfiguration
    /// `CONSOLE_MONGODB_URI`: the database with the right to write the read models and to read the events; by default that of
    /// the service. Secret.
    public let mongodb: MongoConfiguration

    /// Reads the settings. `CONSOLE` switches the console on.
    ///
    /// - Parameters:
    ///   - amqp: the service's own broker.
    ///   - mongodb: the service's own database.
    /// - Returns: `nil` where there is to be no console.
    /// - Throws: `ConfigurationError` with the name of the setting that is wrong.
    public init?(reader: ConfigReader, amqp: AMQPConfiguration, mongodb: MongoConfiguration) throws {
        let own = reader.scoped(to: "console")
        let hasBroker = own.string(forKey: "amqp.url", isSecret: true) != nil
        let hasDatabase = own.string(forKey: "mongodb.uri", isSecret: true) != nil
        guard try reader.flag("console", default: false) else { return nil }
        var broker = hasBroker ? try own.module("amqp") { try AMQPConfiguration(reader: $0) } : amqp
        broker.connectionName = broker.connectionName ?? "console"
        self.amqp = broker
        var database = hasDatabase ? try own.module("mongodb") { try MongoConfiguration(reader: $0) } : mongodb
        // A client of its own: what an operator does must not stand in the way of queries.
        database.workers = 4
        self.mongodb = database
    }
}
