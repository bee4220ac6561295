// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRSAMQP
import Foundation
import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("An event that no queue takes", .serialized, .timeLimit(.minutes(5)))
    struct UnroutableTests {
        /// `UNROUTABLE_COUNT` for a longer run.
        static let count = ProcessInfo.processInfo.environment["UNROUTABLE_COUNT"].flatMap { Int($0) } ?? 1000

        @Test(
            "waits with its user, while others are accepted and published far beyond the backlog limit, until there is a queue"
        )
        func setAside() async throws {
            try await TestSystem.run(settings: ["RELAY_BACKLOG_LIMIT": "\(max(50, Self.count / 10))"]) { system, _ in
                #expect(try await system.post(email: "first@example.org").status == 202)
                try await system.waitForUser("first@example.org")
                // Nothing catches the unrouted any more, and the queue gets no deletions.
                _ = try await system.broker.rabbitmqctl("-q", "clear_policy", "domain_events")
                try await system.bindOnly("user.created")

                let deleted = try await HTTP.send("DELETE", "\(system.commandAPI.url)/users/first@example.org")
                #expect(deleted.status == 202)
                try await eventually("set aside") { try await system.setAsideCount() == 1 }
                let emails = (0..<Self.count).map { "user\($0)@example.org" }
                // What the relay has no room for at the moment is sent again, as clients do.
                var left = emails
                try await eventually("all accepted", within: .seconds(60)) {
                    let posted = try await system.postAll(left)
                    #expect(posted.unanswered.isEmpty)
                    left = posted.refused
                    return left.isEmpty
                }
                let start = ContinuousClock.now
                try await eventually("all readable", within: .seconds(60)) {
                    try await system.countReadable(emails) == emails.count
                }
                #expect(try await system.setAsideCount() == 1)
                let ready = try await HTTP.get("\(system.commandAPI.url)/ready")
                #expect(ready.status == 200)
                #expect(ready.body.contains("1 commits wait"))
                #expect(try await system.get("first@example.org").status == 200)
                print("\(emails.count) others readable \(ContinuousClock.now - start) after the last 202")

                try await system.bindOnly("user.*")
                try await eventually("deleted", within: .seconds(90)) {
                    try await system.get("first@example.org").status == 404
                }
                try await eventually("nothing set aside") { try await system.setAsideCount() == 0 }
                let verified = try await system.verify()
                #expect(verified.status == 0, "\(verified.output)")
            }
        }
    }
}

extension TestSystem {
    /// How many events the relay has set aside.
    func setAsideCount() async throws -> Int? {
        let metrics = try await HTTP.get("\(commandAPI.url)/metrics").body
        return metrics.firstMatch(of: /(?m)^cqrs_relay_set_aside_events (\d+)/).flatMap { Int($0.1) }
    }

    /// Binds the read model's queue to these events alone.
    fileprivate func bindOnly(_ key: String) async throws {
        for key in ["user.*", "user.created"] {
            _ = try? await broker.rabbitmqctl(
                "-q", "eval",
                """
                rabbit_binding:remove({binding, rabbit_misc:r(<<"/">>, exchange, <<"domain_events">>), <<"\(key)">>,
                    rabbit_misc:r(<<"/">>, queue, <<"users.projection">>), []}, <<"test">>).
                """)
        }
        try await declare(
            AMQPTopology(bindings: [
                AMQPBinding(source: "domain_events", destination: .queue("users.projection"), routingKey: key)
            ]))
    }
}
