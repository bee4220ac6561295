// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Configuration

extension MongoConfiguration {
    /// Reads the settings from a reader scoped to, say, `mongodb`.
    ///
    /// | Key | Type | Default | Range |
    /// |---|---|---|---|
    /// | `uri` | text, **secret** | `mongodb://localhost:27017` | a MongoDB connection string |
    /// | `workers` | integer | 8 | 1 to 256 |
    /// | `queueLimit` | integer | 4096 | 1 to 1,000,000 |
    /// | `queueTimeoutMs` | integer, ms | 2000 | 1 to 3,600,000 |
    /// | `operationTimeoutMs` | integer, ms | 10000 | 1 to 3,600,000 |
    /// | `appName` | text | `swift-cqrs` | 1 to 128 bytes |
    /// | `changeStreamLimit` | integer | 16 | 0 to 256 |
    ///
    /// - Throws: ``MongoError`` with ``MongoError/Code/configuration``, whose debug text names the key.
    public init(reader: ConfigReader) throws {
        let uri = reader.string(forKey: "uri", isSecret: true) ?? "mongodb://localhost:27017"
        try self.init(uri: uri)
        workers = try Self.integer("workers", in: reader) ?? workers
        queueLimit = try Self.integer("queueLimit", in: reader) ?? queueLimit
        if let value = try Self.integer("queueTimeoutMs", in: reader) { queueTimeout = .milliseconds(value) }
        if let value = try Self.integer("operationTimeoutMs", in: reader) { operationTimeout = .milliseconds(value) }
        appName = reader.string(forKey: "appName") ?? appName
        changeStreamLimit = try Self.integer("changeStreamLimit", in: reader) ?? changeStreamLimit
        try validate()
    }

    /// Reads the text too: a value that is there but no integer must not pass for absent.
    private static func integer(_ key: String, in reader: ConfigReader) throws(MongoError) -> Int? {
        if let value = reader.int(forKey: ConfigKey(key)) { return value }
        guard reader.string(forKey: ConfigKey(key)) == nil else {
            throw MongoError(.configuration, "\(key): must be an integer")
        }
        return nil
    }
}
