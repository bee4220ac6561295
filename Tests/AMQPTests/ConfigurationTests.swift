// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import Configuration
import Testing

@Suite("A configuration")
struct ConfigurationTests {
    @Test("has the documented defaults for the shortest URL")
    func defaults() throws {
        let configuration = try AMQPConfiguration(url: "amqp://")
        #expect(configuration == AMQPConfiguration())
        #expect(configuration.addresses[0].host == "localhost")
        #expect(configuration.addresses[0].port == 5672)
        #expect(configuration.virtualHost == "/")
        #expect(configuration.tls == nil)
    }

    @Test("takes every part of a URL, with percent-encoding")
    func everyPart() throws {
        let configuration = try AMQPConfiguration(
            url: "amqps://us%40er:p%3Ass%2F@broker.example:1234/v%2Fhost?heartbeat=7&connection_timeout=250"
                + "&cacertfile=%2Fetc%2Fca.pem&verify=verify_none")
        #expect(configuration.user == "us@er")
        #expect(configuration.password == "p:ss/")
        #expect(configuration.addresses[0].host == "broker.example")
        #expect(configuration.addresses[0].port == 1234)
        #expect(configuration.virtualHost == "v/host")
        #expect(configuration.heartbeat == .seconds(7))
        #expect(configuration.connectTimeout == .milliseconds(250))
        #expect(configuration.tls == .init(caFile: "/etc/ca.pem", verifiesPeer: false))
    }

    @Test(
        "knows the usual forms of addresses",
        arguments: [
            ("amqp://h", "h", 5672), ("amqps://h", "h", 5671), ("AMQP://h:1", "h", 1), ("amqp://[::1]", "::1", 5672),
            ("amqp://u@[fe80::1]:65535/", "fe80::1", 65_535), ("amqp://:99", "localhost", 99),
            ("amqp://u:p@/", "localhost", 5672),
            ("amqp://h/?heartbeat=0", "h", 5672),
        ] as [(String, String, UInt16)])
    func addresses(_ url: String, _ host: String, _ port: UInt16) throws {
        let configuration = try AMQPConfiguration(url: url)
        #expect(configuration.addresses[0].host == host)
        #expect(configuration.addresses[0].port == port)
        #expect(configuration.virtualHost == "/")
    }

    @Test("takes the brokers of a cluster, each with a port of its own or the scheme's")
    func cluster() throws {
        let configuration = try AMQPConfiguration(url: "amqps://u:p@a.example,b.example:1234,[::1]:99,[fe80::1]/v")
        let expected: [(String, UInt16)] = [("a.example", 5671), ("b.example", 1234), ("::1", 99), ("fe80::1", 5671)]
        #expect(configuration.addresses == expected.map { AMQPAddress(host: $0.0, port: $0.1) })
        #expect(configuration.virtualHost == "v")
        #expect("\(configuration)" == "amqps://a.example:5671,b.example:1234,[::1]:99,[fe80::1]:5671")
    }

    @Test("verifies the peer of an encrypted connection unless told otherwise")
    func verifies() throws {
        #expect(try AMQPConfiguration(url: "amqps://h").tls?.verifiesPeer == true)
    }

    @Test(
        "refuses a malformed URL, without repeating it",
        arguments: [
            "", "h", "http://secret", "amqp:/secret", "amqp://h:0", "amqp://h:65536", "amqp://h:x", "amqp://[::1",
            "amqp://[::1]x", "amqp://secret/a/b", "amqp://h/%", "amqp://h/%4", "amqp://h/%zz", "amqp://h/%00",
            "amqp://h/%ff", "amqp://u:secret%@h", "amqp://h?x=1", "amqp://h?heartbeat", "amqp://h?heartbeat=x",
            "amqp://h?heartbeat=-1", "amqp://h?connection_timeout=0", "amqp://h?cacertfile=/secret",
            "amqps://h?verify=maybe", "amqp://h#fragment", "amqp://h,", "amqp://,h", "amqp://h,,i", "amqp://h:1,i:0",
        ])
    func malformed(_ url: String) {
        let error = #expect(throws: AMQPError.self) { try AMQPConfiguration(url: url) }
        #expect(error?.code == .invalidArgument)
        #expect(error.map { String(reflecting: $0).contains("secret") } == false)
    }

    @Test("shows neither user nor password")
    func masked() throws {
        let configuration = try AMQPConfiguration(url: "amqp://somebody:secret@h/v")
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("secret"))
            #expect(!text.contains("somebody"))
        }
    }

    private func read(_ values: [AbsoluteConfigKey: ConfigValue]) throws -> AMQPConfiguration {
        try AMQPConfiguration(reader: ConfigReader(provider: InMemoryProvider(values: values)).scoped(to: "amqp"))
    }

    @Test("is read from keys")
    func keys() throws {
        let configuration = try read([
            "amqp.url": "amqps://u:p@h/v", "amqp.caFile": "/ca", "amqp.connectionName": "me",
            "amqp.heartbeatMs": "1500",
            "amqp.connectTimeoutMs": "1", "amqp.rpcTimeoutMs": "2", "amqp.publishTimeoutMs": 3,
            "amqp.windowMessages": "4", "amqp.windowBytes": "5", "amqp.reconnectMinMs": "6", "amqp.reconnectMaxMs": "7",
        ])
        #expect(configuration.user == "u")
        #expect(configuration.tls?.caFile == "/ca")
        #expect(configuration.connectionName == "me")
        #expect(configuration.heartbeat == .milliseconds(1500))
        #expect(configuration.connectTimeout == .milliseconds(1))
        #expect(configuration.rpcTimeout == .milliseconds(2))
        #expect(configuration.publishTimeout == .milliseconds(3))
        #expect(configuration.windowMessages == 4)
        #expect(configuration.windowBytes == 5)
        #expect(configuration.reconnectMinimum == .milliseconds(6))
        #expect(configuration.reconnectMaximum == .milliseconds(7))
    }

    @Test("has the documented defaults without keys")
    func noKeys() throws {
        #expect(try read([:]) == AMQPConfiguration())
    }

    @Test(
        "names the key of a bad value",
        arguments: [
            ("url", "amqp://u:secret@h:x"), ("caFile", "/ca"), ("connectionName", String(repeating: "x", count: 256)),
            ("heartbeatMs", "ten"), ("heartbeatMs", "500"), ("heartbeatMs", "-1"), ("connectTimeoutMs", "0"),
            ("rpcTimeoutMs", "1.5"), ("publishTimeoutMs", "3600001"), ("windowMessages", "0"), ("windowBytes", ""),
            ("reconnectMinMs", "x"), ("reconnectMaxMs", "1"),
        ])
    func badValue(_ key: String, _ value: String) {
        let error = #expect(throws: AMQPConfigurationError.self) {
            try read([AbsoluteConfigKey(["amqp", key]): ConfigValue(.string(value), isSecret: false)])
        }
        #expect(error?.key == key)
        #expect(error?.description.contains("secret") == false)
    }
}
