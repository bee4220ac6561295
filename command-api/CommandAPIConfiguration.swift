// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import CQRSMongoDB
import Configuration
import MongoDB
import OTLPTracing
import ServiceKit

/// Everything that can be set from outside, read once.
struct CommandAPIConfiguration: Sendable {
    let log: LogConfiguration
    /// What is traced; `nil` for nothing.
    let tracing: OTLPTracingConfiguration?
    let http: HTTPConfiguration
    let rateLimit: RateLimit?
    let crossOrigin: CrossOriginPolicy?
    let mongodb: MongoConfiguration
    let amqp: AMQPConfiguration
    /// `WRITE_DATABASE`: the database with the events. Default `cqrs_write`.
    let writeDatabase: String
    let relay: RelaySettings
    /// `IDEMPOTENCY_KEY_LIFETIME_HOURS`: how long an `Idempotency-Key` is remembered, 1 to 8760. Default 24.
    let idempotencyKeyLifetime: Duration
    /// `QUERY_API_URL`: where users are read, for `Location`. Default http://localhost:9000.
    let queryAPI: String
    /// What to do after each step of an event.
    let onStep: @Sendable (OutboxStep) -> Void

    init(reader: ConfigReader) throws {
        log = try LogConfiguration(reader: reader.scoped(to: "log"))
        tracing = try reader.module("otel") {
            try OTLPTracingConfiguration(reader: $0, service: CommandAPI.name, version: projectVersion)
        }
        rateLimit = try RateLimit(reader: reader)
        crossOrigin = try CrossOriginPolicy(reader: reader)
        http = try HTTPConfiguration(reader: reader.scoped(to: "http"), defaultPort: CommandAPI.defaultPort)
        mongodb = try reader.module("mongodb") { try MongoConfiguration(reader: $0) }
        amqp = try reader.module("amqp") { try AMQPConfiguration(reader: $0) }
        writeDatabase = try reader.databaseName("writeDatabase", default: "cqrs_write")
        relay = try RelaySettings(reader: reader.scoped(to: "relay"))
        idempotencyKeyLifetime = .seconds(
            3600 * (try reader.boundedInt("idempotencyKeyLifetimeHours", default: 24, in: 1...8760)))
        queryAPI = try reader.baseURL("queryApiUrl", default: "http://localhost:9000")
        #if DEBUG
        let crashPoint = try CrashPoint<OutboxStep>(reader: reader)
        onStep = { crashPoint?.pass($0) }
        #else
        onStep = { _ in }
        #endif
    }
}
