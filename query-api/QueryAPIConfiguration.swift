// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRSAMQP
import CQRSMongoDB
import Configuration
import MongoDB
import OTLPTracing
import OperatorConsole
import ServiceKit

/// Everything that can be set from outside, read once.
struct QueryAPIConfiguration: Sendable {
    let log: LogConfiguration
    /// What is traced; `nil` for nothing.
    let tracing: OTLPTracingConfiguration?
    let http: HTTPConfiguration
    let rateLimit: RateLimit?
    let crossOrigin: CrossOriginPolicy?
    let amqp: AMQPConfiguration
    let mongodb: MongoConfiguration
    /// `READ_DATABASE`: the database with the read models. Default `cqrs_read`.
    let readDatabase: String
    /// `WRITE_DATABASE`: the database with the events, which are only read. Default `cqrs_write`.
    let writeDatabase: String
    /// `QUERY_CACHE_BYTES`: the memory that answers kept for the next time may take, in bytes, about; 0 to
    /// 1,099,511,627,776, default 33,554,432 (32 MiB). 0 asks the read model each time.
    let cacheBytes: Int
    /// `QUERY_CHANGES_BYTES`: the memory that the last changes, kept for `/users/changes`, may take, in bytes, about; 0 to
    /// 1,099,511,627,776, default 8,388,608 (8 MiB). What is not there any more is read from the database.
    let changesBytes: Int
    /// `CONSOLE`: whether operators have a page at `/console`; `on` or `off`, default `off`.
    let console: ConsoleConfiguration?

    init(reader: ConfigReader) throws {
        log = try LogConfiguration(reader: reader.scoped(to: "log"))
        tracing = try reader.module("otel") {
            try OTLPTracingConfiguration(reader: $0, service: QueryAPI.name, version: projectVersion)
        }
        rateLimit = try RateLimit(reader: reader)
        crossOrigin = try CrossOriginPolicy(reader: reader)
        http = try HTTPConfiguration(reader: reader.scoped(to: "http"), defaultPort: QueryAPI.defaultPort)
        amqp = try reader.module("amqp") { try AMQPConfiguration(reader: $0) }
        mongodb = try reader.module("mongodb") { try MongoConfiguration(reader: $0) }
        readDatabase = try reader.databaseName("readDatabase", default: "cqrs_read")
        writeDatabase = try reader.databaseName("writeDatabase", default: "cqrs_write")
        cacheBytes = try reader.boundedInt("queryCacheBytes", default: 32 << 20, in: 0...1 << 40)
        console = try ConsoleConfiguration(reader: reader, amqp: amqp, mongodb: mongodb)
        changesBytes = try reader.boundedInt("queryChangesBytes", default: 8 << 20, in: 0...1 << 40)
    }
}
