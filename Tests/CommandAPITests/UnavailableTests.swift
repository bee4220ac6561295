// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import HTTPTestSupport
import Testing

@Suite("When a command cannot be carried out now", .timeLimit(.minutes(1)))
struct UnavailableTests {
    private func expectUnavailable(_ answer: HTTPAnswer) {
        #expect(answer.status == 503)
        #expect(answer.problemType == "/problems/unavailable")
        #expect(answer.header("retry-after").flatMap { Int($0) } ?? 0 >= 1)
    }

    @Test("it is refused while there is no checkpoint")
    func noCheckpoint() async throws {
        try await LiveCommandAPI.run(relays: false) { api in
            expectUnavailable(try await api.register("ada@x.org"))
            #expect(await api.store.allEvents().isEmpty)
        }
    }

    @Test("it is refused while too many events wait to be published")
    func backlog() async throws {
        // Unpublished, because the append has not returned yet.
        let store = TestEventStore { append in
            guard append.sequence == 1 else { return nil }
            throw AppendOutcomeUnknown()
        }
        try await LiveCommandAPI.run(settings: ["RELAY_BACKLOG_LIMIT": "1"], store: store) { api in
            expectUnavailable(try await api.register("ada@x.org"))
            let ready = try await HTTP.get("\(api.url)/ready")
            #expect(ready.status == 503)
            #expect(ready.body.contains("wait to be published"))
            expectUnavailable(try await api.register("eve@x.org"))
        }
    }

    @Test("it may be repeated when nobody knows what became of it")
    func unknown() async throws {
        let store = TestEventStore { append in
            guard append.sequence == 1 else { return nil }
            throw AppendOutcomeUnknown()
        }
        try await LiveCommandAPI.run(store: store) { api in
            expectUnavailable(try await api.register("ada@x.org", headers: [("Idempotency-Key", "k")]))
            #expect(try await api.register("ada@x.org", headers: [("Idempotency-Key", "k")]).status == 202)
        }
    }

    @Test("a store's own error is none of the client's business")
    func storeError() async throws {
        struct Unreachable: CategorizedError, CustomStringConvertible {
            let category = FailureCategory.unavailable
            let description = "secret.host:27017"
        }
        try await LiveCommandAPI.run(store: TestEventStore { _ in throw Unreachable() }) { api in
            let answer = try await api.register("ada@x.org")
            expectUnavailable(answer)
            #expect(!answer.body.contains("secret"))
        }
    }

    @Test("a race that is lost again and again is a conflict that may be repeated")
    func raceLost() async throws {
        let store = TestEventStore { $0.commit.first.version > 1 ? .versionConflict : nil }
        try await LiveCommandAPI.run(store: store) { api in
            try await api.registered("ada@x.org")
            let answer = try await api.patch("ada@x.org", #"{"name":"Eve"}"#)
            #expect(answer.status == 409)
            #expect(answer.problemType == "/problems/version-race-lost")
            #expect(answer.header("retry-after") == "1")
            #expect(await api.store.allEvents().count == 1)
        }
    }
}
