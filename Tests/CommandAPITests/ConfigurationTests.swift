// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import ServiceKit
import Testing

@testable import CommandAPI

@Suite("The command API's configuration")
struct ConfigurationTests {
    private func read(_ environment: [String: String]) throws -> CommandAPIConfiguration {
        try CommandAPIConfiguration(reader: try ServiceSettings.read(environment: environment))
    }

    @Test("has defaults for everything")
    func defaults() throws {
        let configuration = try read([:])
        #expect(configuration.writeDatabase == "cqrs_write")
        #expect(configuration.relay.backlogLimit == 1_000_000)
        #expect(configuration.relay.memoryLimit == 10_000)
        #expect(configuration.relay.takeoverAfter == .seconds(5))
        #expect(configuration.idempotencyKeyLifetime == .seconds(24 * 3600))
        #expect(configuration.queryAPI == "http://localhost:9000")
    }

    @Test("takes what it is given")
    func values() throws {
        let configuration = try read([
            "WRITE_DATABASE": "events", "RELAY_BACKLOG_LIMIT": "5", "RELAY_MEMORY_LIMIT": "7",
            "RELAY_TAKEOVER_MS": "1000", "IDEMPOTENCY_KEY_LIFETIME_HOURS": "48",
        ])
        #expect(configuration.writeDatabase == "events")
        #expect(configuration.relay.backlogLimit == 5)
        #expect(configuration.relay.memoryLimit == 7)
        #expect(configuration.relay.takeoverAfter == .seconds(1))
        #expect(configuration.idempotencyKeyLifetime == .seconds(48 * 3600))
    }

    @Test(
        "refuses what it cannot use, with the variable's name",
        arguments: [
            ("WRITE_DATABASE", "a.b"), ("RELAY_BACKLOG_LIMIT", "0"), ("RELAY_BACKLOG_LIMIT", "100000001"),
            ("RELAY_MEMORY_LIMIT", "0"), ("RELAY_MEMORY_LIMIT", "1000001"), ("RELAY_TAKEOVER_MS", "999"),
            ("RELAY_TAKEOVER_MS", "600001"), ("IDEMPOTENCY_KEY_LIFETIME_HOURS", "0"),
            ("IDEMPOTENCY_KEY_LIFETIME_HOURS", "8761"), ("MONGODB_URI", "http://x"),
        ])
    func refusals(name: String, value: String) {
        let error = #expect(throws: ConfigurationError.self) { try read([name: value]) }
        #expect(error?.name == name)
    }

    #if DEBUG
    @Test("knows where a test wants a crash")
    func crashPoint() throws {
        func point(_ text: String) throws -> CrashPoint<OutboxStep>? {
            try CrashPoint(reader: try ServiceSettings.read(environment: ["CRASH_AFTER": text]))
        }
        #expect(try point("") == nil)
        #expect(try point("appended")?.step == .appended)
        #expect(try point("appended")?.count == 1)
        #expect(try point("published:30")?.step == .published)
        #expect(try point("published:30")?.count == 30)
        for bad in ["nowhere", "appended:", "appended:0", "appended:x", "appended:1:2", ":1"] {
            #expect(throws: ConfigurationError.self) { try point(bad) }
        }
    }
    #endif
}
