// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import Foundation
import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("Messages that cannot be applied", .serialized, .timeLimit(.minutes(5)))
    struct BadMessageTests {
        private struct Letter: Decodable {
            let reason: String
            let stream: String?
            let version: Int?
            let category: String
            let attempts: Int
            let originQueue: String
        }

        private func letters(_ system: TestSystem) async throws -> [Letter] {
            let result = try await system.consumer.run(["dead-letters", "list", "--json"])
            #expect(result.status == 0, "\(result.errors)")
            return try result.output.split(separator: "\n").map {
                try JSONDecoder().decode(Letter.self, from: Data($0.utf8))
            }
        }

        @Test("are put aside with their reasons and hold nobody up, and once mended and replayed nothing is missing")
        func badMessages() async throws {
            try await TestSystem.run { system, _ in
                // Of one the event store has a first event that this program cannot read, of the other a message is wrong.
                let stopped = UserHistories.user("stopped@example.org", versions: 3)
                let other = UserHistories.user("other@example.org", versions: 2)
                try await system.store(stopped + other)
                try await system.setSchema(99, of: stopped[0])
                var unknown = other[0]
                unknown.schema = 7
                try await system.publishing { events, publisher in
                    try await publisher.publish(
                        AMQPMessage(
                            exchange: "domain_events", routingKey: "user.created", body: Array("garbage".utf8),
                            mandatory: true))
                    for outcome in await events.publish([unknown, stopped[1], stopped[2]]) {
                        #expect(outcome.isPublished)
                    }
                }

                let emails = (0..<100).map { "good\($0)@example.org" }
                #expect(try await system.postAll(emails).accepted.count == emails.count)
                try await eventually("the others readable") { try await system.countReadable(emails) == emails.count }

                try await eventually("four letters") { try await system.depth(of: "users.projection.dead") == 4 }
                let letters = try await letters(system)
                #expect(
                    letters.map(\.reason).sorted()
                        == ["missing-versions", "missing-versions", "not-an-event", "unknown-schema"])
                #expect(
                    letters.filter { $0.reason == "missing-versions" }.map(\.version).sorted { $0 ?? 0 < $1 ?? 0 }
                        == [2, 3])
                #expect(letters.first { $0.reason == "unknown-schema" }?.stream == other[0].stream.name)
                #expect(
                    letters.allSatisfy {
                        $0.originQueue == "users.projection" && $0.attempts == 1 && $0.category == "malformed"
                    })
                #expect(try await system.consumerMetric("cqrs_projection_dead_letters_total") == 4)
                // Written behind the letters.
                try await eventually("two stopped") {
                    try await system.consumerMetric("cqrs_projection_stopped_streams") == 2
                }
                #expect(try await system.verify(patience: 0).status == 1)

                // The user's next message brings what the wrong one did not.
                try await system.publishing { events, _ in
                    for outcome in await events.publish([other[1]]) { #expect(outcome.isPublished) }
                }
                try await system.waitForUser("other@example.org")
                try await eventually("one stopped") {
                    try await system.consumerMetric("cqrs_projection_stopped_streams") == 1
                }

                try await system.setSchema(1, of: stopped[0])
                for reason in ["not-an-event", "unknown-schema"] {
                    let discarded = try await system.consumer.run(
                        ["dead-letters", "discard", "--reason", reason, "--yes"])
                    #expect(discarded.status == 0, "\(discarded.errors)")
                }
                let replayed = try await system.consumer.run(["dead-letters", "replay", "--all"])
                #expect(replayed.status == 0, "\(replayed.errors)")
                try await system.waitForUser("stopped@example.org")
                try await eventually("at the last version") {
                    try await system.get("stopped@example.org").header("etag") == "\"3\""
                }
                let verified = try await system.verify()
                #expect(verified.status == 0, "\(verified.output)")
                try await eventually("no letters") { try await system.depth(of: "users.projection.dead") == 0 }
                try await eventually("none stopped") {
                    try await system.consumerMetric("cqrs_projection_stopped_streams") == 0
                }
            }
        }

        @Test("of a user whose document the database refuses for a while come again by themselves; nobody else waits")
        func refusedDocument() async throws {
            try await TestSystem.run { system, _ in
                #expect(try await system.post(email: "first@example.org").status == 202)
                try await system.waitForUser("first@example.org")
                try await system.refuseUsers(named: "Refused")
                #expect(try await system.post(name: "Refused", email: "refused@example.org").status == 202)
                let emails = (0..<50).map { "good\($0)@example.org" }
                #expect(try await system.postAll(emails).accepted.count == emails.count)
                try await eventually("the others readable") { try await system.countReadable(emails) == emails.count }
                // It has had its first pause and is in the second.
                try await eventually("retries") {
                    try await system.consumerMetric("cqrs_projection_deliveries_retried_total") >= 2
                }
                #expect(try await system.get("refused@example.org").status == 503)
                try await system.refuseUsers(named: nil)
                try await system.waitForUser("refused@example.org")
                #expect(try await system.consumerMetric("cqrs_projection_deliveries_retried_total") == 2)
                #expect(try await system.consumerMetric("cqrs_projection_dead_letters_total") == 0)
                let verified = try await system.verify()
                #expect(verified.status == 0, "\(verified.output)")
            }
        }
    }
}
