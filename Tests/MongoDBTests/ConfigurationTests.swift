// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Configuration
import Logging
import Synchronization
import TestSupport
import Testing

@testable import MongoDB

@Suite("A client's configuration", .serialized)
struct ConfigurationTests {
    private func read(_ values: [AbsoluteConfigKey: ConfigValue]) throws -> MongoConfiguration {
        try MongoConfiguration(reader: ConfigReader(provider: InMemoryProvider(values: values)).scoped(to: "mongodb"))
    }

    @Test("reads every key")
    func keys() throws {
        let configuration = try read([
            "mongodb.uri": "mongodb://db.example.org", "mongodb.workers": 3, "mongodb.queueLimit": 7,
            "mongodb.queueTimeoutMs": 20, "mongodb.operationTimeoutMs": 30, "mongodb.appName": "tests",
            "mongodb.changeStreamLimit": 2, "mongodb.changeStreamResumeTimeoutMs": 5000,
        ])
        #expect(configuration.uri == "mongodb://db.example.org")
        #expect(configuration.workers == 3)
        #expect(configuration.queueLimit == 7)
        #expect(configuration.queueTimeout == .milliseconds(20))
        #expect(configuration.operationTimeout == .milliseconds(30))
        #expect(configuration.appName == "tests")
        #expect(configuration.changeStreamLimit == 2)
        #expect(configuration.changeStreamResumeTimeout == .seconds(5))
        #expect(try read([:]).workers == 8)
    }

    @Test(
        "fails with the key's name for a bad value",
        arguments: [
            ("workers", 0), ("workers", 257), ("workers", "many"), ("queueLimit", 0), ("queueTimeoutMs", 0),
            ("operationTimeoutMs", -1), ("appName", ""), ("changeStreamLimit", 1000), ("uri", "http://example.org"),
            ("uri", "mongodb://a\0b"), ("uri", ""),
        ] as [(String, ConfigValue)])
    func badValues(key: String, value: ConfigValue) {
        let error = #expect(throws: MongoConfigurationError.self) {
            try read([AbsoluteConfigKey(["mongodb", key]): value])
        }
        #expect(error?.key == key)
    }

    @Test("adds safe settings where the connection string does not say otherwise")
    func defaults() throws {
        let plain = try ConnectionString(parsing: "mongodb://localhost", appName: "a")
        #expect(plain.int32("sockettimeoutms") == 3500)
        #expect(plain.int32("serverselectiontimeoutms") == 3000)
        #expect(plain.int32("connecttimeoutms") == 2000)
        #expect(plain.int32("heartbeatfrequencyms") == 1000)
        let concern = plain.writeConcern()
        #expect(concern == (-3, true, 3000))
        let own = try ConnectionString(
            parsing: "mongodb://localhost/?w=1&journal=false&wtimeoutMS=7&socketTimeoutMS=9", appName: "a")
        #expect(own.int32("sockettimeoutms") == 9)
        let ownConcern = own.writeConcern()
        #expect(ownConcern == (1, false, 7))
    }

    @Test("shows no part of the connection string")
    func secret() throws {
        let configuration = try MongoConfiguration(uri: "mongodb://ada:s3cret@db.example.org")
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("s3cret"))
            #expect(!text.contains("ada"))
        }
        let error = #expect(throws: MongoError.self) { try MongoConfiguration(uri: "mongodb://ada:s3c/ret@db") }
        #expect(error?.debugDescription.contains("s3c") == false)
    }

    @Test(
        "keeps values of a bad connection string out of errors and the log",
        arguments: [
            "foo=s3cret&tls=s3cret", "readPreferenceTags=s3cret", "compressors=s3cret", "authMechanism=s3cret",
            "tlsCertificateKeyFilePassword=s3cret&sslClientCertificateKeyPassword=s3cret",
        ])
    func badConnectionString(options: String) throws {
        let messages = Mutex<[String]>([])
        let logger = Logger(label: "test") { _ in CollectingHandler { text in messages.withLock { $0.append(text) } } }
        Library.setLogger(logger, replacing: true)
        defer { Library.setLogger(TestServer.logger, replacing: true) }
        do throws(MongoError) {
            _ = try MongoConfiguration(uri: "mongodb://ada:s3cret@127.0.0.1/?\(options)")
        } catch {
            #expect(error.code == .configuration)
            #expect(!error.debugDescription.contains("s3cret"))
        }
        #expect(!messages.withLock { $0 }.contains { $0.contains("s3cret") })
    }
}
