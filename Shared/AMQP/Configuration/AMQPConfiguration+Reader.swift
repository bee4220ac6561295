// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Configuration

extension AMQPConfiguration {
    /// Reads the configuration from a reader scoped to this module, such as `config.scoped(to: "amqp")`.
    ///
    /// | Key | Type | Default | Range |
    /// |---|---|---|---|
    /// | `url` | text, secret | `amqp://guest:guest@localhost:5672` | as ``init(url:)`` |
    /// | `caFile` | path | the system's certificates | with `amqps` only |
    /// | `connectionName` | text | none | up to 255 bytes |
    /// | `heartbeatMs` | milliseconds, rounded up to seconds | 5000 | 0 (off), 1000 to 3600000 |
    /// | `connectTimeoutMs` | milliseconds | 3000 | 1 to 3600000 |
    /// | `rpcTimeoutMs` | milliseconds | 5000 | 1 to 3600000 |
    /// | `publishTimeoutMs` | milliseconds | 5000 | 1 to 3600000 |
    /// | `windowMessages` | messages | 1024 | 1 to 65536 |
    /// | `windowBytes` | bytes | 4194304 | 1 to 1073741824 |
    /// | `reconnectMinMs` | milliseconds | 100 | 1 to 3600000 |
    /// | `reconnectMaxMs` | milliseconds | 5000 | `reconnectMinMs` to 3600000 |
    ///
    /// - Throws: ``AMQPConfigurationError`` with the key of a value that is malformed or out of range.
    public init(reader: ConfigReader) throws {
        let keys = Keys(reader: reader)
        if let url = reader.string(forKey: "url", isSecret: true) {
            do { try self.init(url: url) } catch { throw AMQPConfigurationError(key: "url", problem: error.text) }
        } else {
            self.init()
        }
        if let caFile = reader.string(forKey: "caFile") {
            guard tls != nil else { throw AMQPConfigurationError(key: "caFile", problem: "the url is not amqps") }
            tls?.caFile = caFile
        }
        if let name = reader.string(forKey: "connectionName") {
            guard name.utf8.count <= 255 else {
                throw AMQPConfigurationError(key: "connectionName", problem: "more than 255 bytes")
            }
            connectionName = name
        }
        if let value = try keys.milliseconds("heartbeatMs", 0...3_600_000) {
            guard value == .zero || value >= .seconds(1) else {
                throw AMQPConfigurationError(key: "heartbeatMs", problem: "must be 0 or 1000 to 3600000")
            }
            heartbeat = value
        }
        connectTimeout = try keys.milliseconds("connectTimeoutMs") ?? connectTimeout
        rpcTimeout = try keys.milliseconds("rpcTimeoutMs") ?? rpcTimeout
        publishTimeout = try keys.milliseconds("publishTimeoutMs") ?? publishTimeout
        windowMessages = try keys.integer("windowMessages", 1...65_536) ?? windowMessages
        windowBytes = try keys.integer("windowBytes", 1...(1 << 30)) ?? windowBytes
        reconnectMinimum = try keys.milliseconds("reconnectMinMs") ?? reconnectMinimum
        reconnectMaximum = try keys.milliseconds("reconnectMaxMs") ?? max(reconnectMaximum, reconnectMinimum)
        guard reconnectMinimum <= reconnectMaximum else {
            throw AMQPConfigurationError(key: "reconnectMaxMs", problem: "is less than reconnectMinMs")
        }
    }
}

/// A configuration value that cannot be used.
public struct AMQPConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The key, within the module's scope.
    public let key: String
    /// What is wrong with its value, without the value.
    public let problem: String

    /// The key and the problem.
    public var description: String { "\(key): \(problem)" }
}

private struct Keys {
    let reader: ConfigReader

    /// A malformed number is an error here, while the reader's own `int(forKey:)` takes it for an absent one.
    func integer(_ key: String, _ range: ClosedRange<Int>) throws(AMQPConfigurationError) -> Int? {
        let value: Int
        if let text = reader.string(forKey: ConfigKey(key)) {
            guard let number = Int(text) else { throw AMQPConfigurationError(key: key, problem: "not a whole number") }
            value = number
        } else if let number = reader.int(forKey: ConfigKey(key)) {
            value = number
        } else {
            return nil
        }
        guard range.contains(value) else {
            throw AMQPConfigurationError(key: key, problem: "must be \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func milliseconds(
        _ key: String, _ range: ClosedRange<Int> = 1...3_600_000
    ) throws(AMQPConfigurationError) -> Duration? {
        try integer(key, range).map { .milliseconds($0) }
    }
}
