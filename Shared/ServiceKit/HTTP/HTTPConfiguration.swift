// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Configuration
public import Logging

/// Where the HTTP server listens and what it bears.
public struct HTTPConfiguration: Sendable, Equatable {
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The port to listen on, 0 to 65535; 0 takes a free one.
    public var port: Int
    /// How many connections may be open; more wait in the kernel's queue.
    public var maxConnections = 4096
    /// The most bytes of a header section, names and values.
    public var headerLimitBytes = 16 << 10
    /// The most fields of a header section.
    public var headerLimitFields = 100
    /// How long a connection may stay without a byte of a request, between two parts of one that we ask for, or with an
    /// answer that its client does not read.
    public var idleTimeout = Duration.seconds(15)
    /// How long a request may take to arrive, from its first byte to its last.
    public var receiveTimeout = Duration.seconds(15)
    /// How long we still read, and drop, after an answer that ends the connection; the client may be sending yet, and a
    /// reset would take the answer away from it.
    public var lingerTimeout = Duration.seconds(1)
    /// The level of the access log; `nil` writes none.
    public var accessLogLevel: Logger.Level? = .debug

    /// The defaults.
    public init(port: Int) { self.port = port }

    /// Reads from a reader, usually scoped to `http`.
    ///
    /// - `host` (`HTTP_HOST`, string, default 127.0.0.1)
    /// - `port` (`HTTP_PORT`, 0 to 65535)
    /// - `maxConnections` (`HTTP_MAX_CONNECTIONS`, 1 to 100000, default 4096)
    /// - `headerLimitBytes` (`HTTP_HEADER_LIMIT_BYTES`, 1024 to 65536, default 16384)
    /// - `headerLimitFields` (`HTTP_HEADER_LIMIT_FIELDS`, 8 to 1000, default 100)
    /// - `idleTimeoutMs` (`HTTP_IDLE_TIMEOUT_MS`, 100 to 600000, default 15000)
    /// - `receiveTimeoutMs` (`HTTP_RECEIVE_TIMEOUT_MS`, 100 to 600000, default 15000)
    /// - `accessLog` (`HTTP_ACCESS_LOG`, `off`, `debug` or `info`, default `debug`)
    ///
    /// - Throws: ``ConfigurationError`` with the name of the variable.
    public init(reader: ConfigReader, defaultPort: Int) throws(ConfigurationError) {
        self.init(port: defaultPort)
        host = try reader.text("host", default: host)
        port = try reader.boundedInt("port", default: port, in: 0...65_535)
        maxConnections = try reader.boundedInt("maxConnections", default: maxConnections, in: 1...100_000)
        headerLimitBytes = try reader.boundedInt("headerLimitBytes", default: headerLimitBytes, in: 1024...65_536)
        headerLimitFields = try reader.boundedInt("headerLimitFields", default: headerLimitFields, in: 8...1000)
        idleTimeout = try reader.milliseconds("idleTimeoutMs", default: idleTimeout, in: 100...600_000)
        receiveTimeout = try reader.milliseconds("receiveTimeoutMs", default: receiveTimeout, in: 100...600_000)
        switch try reader.choice("accessLog", default: "debug", of: ["off", "debug", "info"]) {
        case "off": accessLogLevel = nil
        case "info": accessLogLevel = .info
        default: accessLogLevel = .debug
        }
    }
}
