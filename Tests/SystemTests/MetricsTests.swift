// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("Metrics of the whole system", .serialized, .timeLimit(.minutes(5)))
    struct MetricsTests {
        /// Which service alone changes the metrics that begin so.
        private static let owners = [
            "cqrs_append": "command-api", "cqrs_relay_": "command-api", "cqrs_idempotency_": "command-api",
            "cqrs_projection_": "consumer", "cqrs_near_cache_": "query-api", "cqrs_change_feed_": "query-api",
        ]

        @Test("each says what it is about, and only the service that changes it has it")
        func families() async throws {
            try await TestSystem.run { system, _ in
                #expect(try await system.post(email: "ada@computing.org").status == 202)
                try await system.waitForUser("ada@computing.org")
                for service in system.services {
                    let text = try await HTTP.get("\(service.url)/metrics").body
                    let names = text.matches(of: /# TYPE (\S+)/).map { String($0.1) }
                    #expect(text.matches(of: /# HELP (\S+) \S/).map { String($0.1) } == names, "\(service.name)")
                    for (prefix, owner) in Self.owners {
                        let found = names.filter { $0.hasPrefix(prefix) }
                        #expect(found.isEmpty == (service.name != owner), "\(service.name): \(prefix) \(found)")
                    }
                    #expect(text.contains("\nservice_ready 1\n"), "\(service.name)")
                }
            }
        }

        @Test("dead letters of every reason are counted from 0, so that the first one is an increase")
        func deadLetters() async throws {
            try await TestSystem.run { system, _ in
                let text = try await HTTP.get("\(system.consumer.url)/metrics").body
                for reason in MalformedEvent.Reason.allCases {
                    #expect(
                        text.contains(
                            "\ncqrs_projection_dead_letters_total{projection=\"users\",reason=\"\(reason.rawValue)\"} 0\n"
                        ))
                }
            }
        }
    }
}
