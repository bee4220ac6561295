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
    /// | `changeStreamResumeTimeoutMs` | integer, ms | 60000 | 1000 to 3,600,000 |
    ///
    /// - Throws: ``MongoConfigurationError`` with the key of a value that is malformed or out of range.
    public init(reader: ConfigReader) throws {
        do {
            try self.init(checking: reader)
        } catch let error as MongoError where error.code == .configuration {
            throw MongoConfigurationError(error.text)
        }
    }

    private init(checking reader: ConfigReader) throws {
        let uri = reader.string(forKey: "uri", isSecret: true) ?? "mongodb://localhost:27017"
        try self.init(uri: uri)
        workers = try Self.integer("workers", in: reader) ?? workers
        queueLimit = try Self.integer("queueLimit", in: reader) ?? queueLimit
        if let value = try Self.integer("queueTimeoutMs", in: reader) { queueTimeout = .milliseconds(value) }
        if let value = try Self.integer("operationTimeoutMs", in: reader) { operationTimeout = .milliseconds(value) }
        appName = reader.string(forKey: "appName") ?? appName
        changeStreamLimit = try Self.integer("changeStreamLimit", in: reader) ?? changeStreamLimit
        if let value = try Self.integer("changeStreamResumeTimeoutMs", in: reader) {
            changeStreamResumeTimeout = .milliseconds(value)
        }
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

extension MongoConfigurationError {
    /// From the text of an error that begins with a key; what begins with anything else is about the connection string.
    fileprivate init(_ text: String) {
        let parts = text.split(separator: ": ", maxSplits: 1)
        let keys = [
            "uri", "workers", "queueLimit", "queueTimeoutMs", "operationTimeoutMs", "appName", "changeStreamLimit",
            "changeStreamResumeTimeoutMs",
        ]
        if let key = parts.first, parts.count == 2, keys.contains(String(key)) {
            self.init(key: String(key), problem: String(parts[1]))
        } else {
            self.init(key: "uri", problem: text)
        }
    }
}
