// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("Metrics of the whole system", .serialized, .timeLimit(.minutes(5)))
    struct MetricsTests {
        @Test("each says what it is about, and only the command side has those of the command side")
        func families() async throws {
            try await TestSystem.run { system, _ in
                #expect(try await system.post(email: "ada@computing.org").status == 202)
                try await system.waitForUser("ada@computing.org")
                for service in system.services {
                    let text = try await HTTP.get("\(service.url)/metrics").body
                    let names = text.matches(of: /# TYPE (\S+)/).map { String($0.1) }
                    #expect(text.matches(of: /# HELP (\S+) \S/).map { String($0.1) } == names, "\(service.name)")
                    let written = names.filter { $0.hasPrefix("cqrs_append") || $0.hasPrefix("cqrs_relay_") }
                    #expect(written.isEmpty == (service.name != "command-api"), "\(service.name): \(written)")
                    let projected = names.filter { $0.hasPrefix("cqrs_projection_") }
                    #expect(projected.isEmpty == (service.name != "consumer"), "\(service.name): \(projected)")
                }
            }
        }
    }
}
