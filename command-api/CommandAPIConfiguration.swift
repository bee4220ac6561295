// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRSAMQP
import Configuration
import ServiceKit

/// Everything that can be set from outside, read once.
struct CommandAPIConfiguration: Sendable {
    let log: LogConfiguration
    let http: HTTPConfiguration
    let amqp: AMQPConfiguration
    /// `QUERY_API_URL`: where users are read, for `Location`. Default http://localhost:9000.
    let queryAPI: String

    init(reader: ConfigReader) throws {
        log = try LogConfiguration(reader: reader.scoped(to: "log"))
        http = try HTTPConfiguration(reader: reader.scoped(to: "http"), defaultPort: CommandAPI.defaultPort)
        amqp = try reader.module("amqp") { try AMQPConfiguration(reader: $0) }
        queryAPI = try reader.baseURL("queryApiUrl", default: "http://localhost:9000")
    }
}
