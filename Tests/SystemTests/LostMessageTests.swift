// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("When the broker loses messages", .serialized, .timeLimit(.minutes(5)))
    struct LostMessageTests {
        @Test("the read model catches up from the event store with the next event of the user")
        func lostMessages() async throws {
            try await TestSystem.run { system, services in
                let url = "\(system.commandAPI.url)/users"
                // What is delivered and not acknowledged would survive the purge.
                #expect(try await services.terminate(system.consumer) == 0)
                for name in ["a", "b"] {
                    #expect(try await system.post(email: "\(name)@example.org").status == 202)
                    for number in 1...3 {
                        let change = #"{"name":"Name \#(number)"}"#
                        #expect(try await HTTP.send("PATCH", "\(url)/\(name)@example.org", json: change).status == 202)
                    }
                }
                try await eventually("all published") { try await system.depth(of: "users.projection") == 8 }
                try await system.broker.rabbitmqctl("purge_queue", "users.projection")
                #expect(
                    try await HTTP.send("PATCH", "\(url)/a@example.org", json: #"{"email":"c@example.org"}"#).status
                        == 202)
                #expect(try await HTTP.send("DELETE", "\(url)/b@example.org").status == 202)
                // The address goes from one user to another, and most of both histories is lost.
                #expect(try await system.post(email: "a@example.org").status == 202)

                try await services.start(system.consumer)
                try await system.waitForUser("a@example.org")
                try await system.waitForUser("c@example.org")
                let moved = try await system.get("c@example.org")
                #expect(moved.body.contains(#""name":"Name 3""#))
                #expect(moved.header("etag") == "\"5\"")
                #expect(try await system.get("a@example.org").header("etag") == "\"1\"")
                try await eventually("nothing left to apply") {
                    try await system.consumerMetric("cqrs_projection_events_applied_total") == 11
                }
                #expect(try await system.consumerMetric("cqrs_projection_events_healed_total") == 8)
                #expect(try await system.get("b@example.org").status == 404)
                #expect(try await system.countUsers() == 3)
                #expect(try await system.depth(of: "users.projection.dead") == 0)
            }
        }
    }
}
