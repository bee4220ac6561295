// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("When the queue is deleted", .serialized, .timeLimit(.minutes(5)))
    struct DeletedQueueTests {
        @Test("it is made anew, and what was lost with it is healed without any further command")
        func deleted() async throws {
            try await TestSystem.run { system, services in
                // So that most messages are in the queue and not on their way to the consumer.
                #expect(try await services.terminate(system.consumer) == 0)
                try await services.start(system.consumer, ["CONSUMER_PREFETCH": "10"])
                #expect(try await system.post(email: "first@example.org").status == 202)
                try await system.waitForUser("first@example.org")

                await services.pause(system.consumer)
                let lost = (0..<300).map { "lost\($0)@example.org" }
                #expect(try await system.postAll(lost).accepted.count == lost.count)
                let changed = try await HTTP.send(
                    "PATCH", "\(system.commandAPI.url)/users/first@example.org", json: #"{"name":"Changed"}"#)
                #expect(changed.status == 202)
                try await eventually("all published") { try await system.depth(of: "users.projection") == 301 }
                try await system.deleteQueue("users.projection")
                // For these there is no queue at all.
                let unrouted = (0..<20).map { "unrouted\($0)@example.org" }
                #expect(try await system.postAll(unrouted).accepted.count == unrouted.count)
                try await eventually("all published") { try await system.depth(of: "domain_events.unrouted") == 20 }
                await services.resume(system.consumer)

                let start = ContinuousClock.now
                try await eventually("all readable", within: .seconds(60), every: .milliseconds(250)) {
                    try await system.countReadable(lost + unrouted) == 320
                }
                print("320 lost users readable \(ContinuousClock.now - start) after the queue was missed")
                try await eventually("the change readable") {
                    try await system.get("first@example.org").header("etag") == "\"2\""
                }
                let verified = try await system.verify()
                #expect(verified.status == 0, "\(verified.output)")
                try await eventually("caught up") { system.consumer.logText.contains("caught up with the event store") }
                // The new queue delivers.
                #expect(try await system.post(email: "last@example.org").status == 202)
                try await system.waitForUser("last@example.org")
                #expect(try await system.depth(of: "users.projection.dead") == 0)
            }
        }
    }
}
