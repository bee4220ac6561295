// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("Engagement of several writers", .serialized, .timeLimit(.minutes(5)))
    struct EngagementWritersTests {
        private static let bodies = [
            ("click", #"{"anime_id":1,"user_id":"user123"}"#),
            ("view", #"{"anime_id":1,"user_id":"user123","duration_seconds":60}"#),
            ("rating", #"{"anime_id":1,"user_id":"user123","score":9}"#),
            ("click", #"{"anime_id":2,"user_id":"Zoë"}"#),
            ("view", #"{"anime_id":1,"user_id":"Zoë"}"#),
        ]

        @Test("is counted once and without gaps, though two command-apis write the same streams at the same time")
        func twoWriters() async throws {
            let (count, lines) = (400, 200)
            try await TestSystem.run(commandAPIs: 2) { system, _ in
                try await inParallel(8, count: count) { number in
                    let (path, json) = Self.bodies[number % Self.bodies.count]
                    let answer = try await HTTP.post("\(system.commandAPIs[number / 7 % 2].url)/\(path)", json: json)
                    guard answer.status == 202 else { throw UnexpectedAnswer(answer) }
                }
                let imported = try await HTTP.send(
                    "POST", "\(system.commandAPI.url)/engagement/import",
                    json: (0..<lines).map { #"{"type":"click","anime_id":\#($0 % 50 + 1),"user_id":"user123"}"# }
                        .joined(separator: "\n"), type: "application/x-ndjson")
                #expect(imported.body.matches(of: /"status":202/).count == lines)
                // Versions count without gaps, so the last ones add up to the number of events.
                try await eventually("projected", within: .seconds(60)) {
                    try await system.lastVersions(in: "engagement") == count + lines
                }
                let verified = try await system.operate("verify", "engagement")
                #expect(verified.status == 0, "\(verified.text)")
            }
        }
    }
}
