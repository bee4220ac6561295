// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRSMongoDB
import Configuration
import MongoDB
import ServiceKit

/// Everything that can be set from outside, read once.
struct QueryAPIConfiguration: Sendable {
    let log: LogConfiguration
    let http: HTTPConfiguration
    let mongodb: MongoConfiguration
    /// `READ_DATABASE`: the database with the read models. Default `cqrs_read`.
    let readDatabase: String
    /// `WRITE_DATABASE`: the database with the events, which are only read. Default `cqrs_write`.
    let writeDatabase: String

    init(reader: ConfigReader) throws {
        log = try LogConfiguration(reader: reader.scoped(to: "log"))
        http = try HTTPConfiguration(reader: reader.scoped(to: "http"), defaultPort: QueryAPI.defaultPort)
        mongodb = try reader.module("mongodb") { try MongoConfiguration(reader: $0) }
        readDatabase = try reader.databaseName("readDatabase", default: "cqrs_read")
        writeDatabase = try reader.databaseName("writeDatabase", default: "cqrs_write")
    }
}
