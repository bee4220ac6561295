// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Configuration
public import Logging

/// Where the HTTP server listens and what it bears.
public struct HTTPConfiguration: Sendable, Equatable {
    /// The addresses or names to listen on; `localhost` is this machine under both versions of IP, if it has both.
    public var hosts = ["localhost"]
    /// The port to listen on, 0 to 65535; 0 takes a free one, at the first address alone.
    public var port: Int
    /// How many connections may be open; beyond them only probes are answered.
    public var maxConnections = 4096
    /// How many answers may go on without an end at the same time; `nil` for half as many as connections.
    public var maxStreams: Int?
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

    /// The addresses that ``hosts`` stands for.
    var addresses: [String] { ListeningHosts.addresses(of: hosts) }

    /// The defaults.
    public init(port: Int) { self.port = port }

    /// Reads from a reader, usually scoped to `http`.
    ///
    /// - `host` (`HTTP_HOST`, addresses and names with commas between them, default localhost)
    /// - `port` (`HTTP_PORT`, 0 to 65535)
    /// - `maxConnections` (`HTTP_MAX_CONNECTIONS`, 1 to 100000, default 4096)
    /// - `maxStreams` (`HTTP_MAX_STREAMS`, 1 to 100000, default half of `maxConnections`)
    /// - `headerLimitBytes` (`HTTP_HEADER_LIMIT_BYTES`, 1024 to 65536, default 16384)
    /// - `headerLimitFields` (`HTTP_HEADER_LIMIT_FIELDS`, 8 to 1000, default 100)
    /// - `idleTimeoutMs` (`HTTP_IDLE_TIMEOUT_MS`, 100 to 600000, default 15000)
    /// - `receiveTimeoutMs` (`HTTP_RECEIVE_TIMEOUT_MS`, 100 to 600000, default 15000)
    /// - `accessLog` (`HTTP_ACCESS_LOG`, `off`, `debug` or `info`, default `debug`)
    ///
    /// - Throws: ``ConfigurationError`` with the name of the variable.
    public init(reader: ConfigReader, defaultPort: Int) throws(ConfigurationError) {
        self.init(port: defaultPort)
        hosts = try reader.list("host", default: "localhost")
        guard !hosts.isEmpty else {
            throw ConfigurationError(name: reader.environmentName("host"), problem: "names nothing to listen on")
        }
        port = try reader.boundedInt("port", default: port, in: 0...65_535)
        maxConnections = try reader.boundedInt("maxConnections", default: maxConnections, in: 1...100_000)
        let streams = try reader.boundedInt("maxStreams", default: 0, in: 1...100_000)
        maxStreams = streams == 0 ? nil : streams
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
