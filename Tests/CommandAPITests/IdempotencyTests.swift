// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTestSupport
import Testing

@Suite("A repeat with the same Idempotency-Key", .timeLimit(.minutes(1)))
struct IdempotencyTests {
    private func expectSame(_ first: HTTPAnswer, _ second: HTTPAnswer) {
        #expect(first.status == 202)
        #expect(second.status == first.status)
        #expect(second.body == first.body)
        for name in ["etag", "location", "content-type"] { #expect(second.header(name) == first.header(name)) }
    }

    @Test("of a registration gives the first answer, also after the user has changed or gone")
    func create() async throws {
        try await LiveCommandAPI.run { api in
            let key = [("Idempotency-Key", "\"8e03978e-40d5-43e8-bc93-6894a57f9324\"")]
            let first = try await api.register("Ada@x.org", headers: key)
            expectSame(first, try await api.register("Ada@x.org", headers: key))
            _ = try await api.patch("ada@x.org", #"{"email":"eve@x.org","name":"Eve"}"#)
            expectSame(first, try await api.register("Ada@x.org", headers: key))
            _ = try await api.delete("eve@x.org")
            expectSame(first, try await api.register("Ada@x.org", headers: key))
            #expect(await api.store.allEvents().count == 3)
        }
    }

    @Test("of a change gives the first answer, also after later changes and with another If-Match")
    func update() async throws {
        try await LiveCommandAPI.run { api in
            try await api.registered("ada@x.org")
            let json = #"{"email":"eve@x.org"}"#
            let first = try await api.patch(
                "ada@x.org", json, headers: [("Idempotency-Key", "k"), ("If-Match", "\"1\"")])
            for condition in ["\"1\"", "\"9\"", "*"] {
                expectSame(
                    first,
                    try await api.patch(
                        "ADA@x.org", json, headers: [("Idempotency-Key", "k"), ("If-Match", condition)]))
            }
            _ = try await api.patch("eve@x.org", #"{"name":"Eve"}"#)
            // Somebody else has the old address by now, and must not be changed.
            try await api.registered("ada@x.org")
            expectSame(first, try await api.patch("ada@x.org", json, headers: [("Idempotency-Key", "\"k\"")]))
            #expect(await api.store.allEvents().count == 4)
        }
    }

    @Test("of a deletion gives the first answer, and deletes nobody who has the address since")
    func delete() async throws {
        try await LiveCommandAPI.run { api in
            try await api.registered("ada@x.org")
            let first = try await api.delete("ada@x.org", headers: [("Idempotency-Key", "k")])
            expectSame(first, try await api.delete("ada@x.org", headers: [("Idempotency-Key", "k")]))
            let second = try await api.registered("ada@x.org")
            expectSame(first, try await api.delete("ada@x.org", headers: [("Idempotency-Key", "k")]))
            #expect(try await api.patch("ada@x.org", #"{"name":"Eve"}"#).body.contains(second.id))
        }
    }

    @Test("but another request is refused, and changes nothing")
    func reused() async throws {
        try await LiveCommandAPI.run { api in
            let key = [("Idempotency-Key", "k")]
            try await api.registered("bob@x.org")
            #expect(try await api.register("ada@x.org", headers: key).status == 202)
            #expect(try await api.patch("ada@x.org", #"{"name":"A"}"#, headers: key).status == 202)
            #expect(try await api.delete("ada@x.org", headers: key).status == 202)
            for answer in [
                try await api.register("eve@x.org", headers: key),
                try await api.register("ada@x.org", name: "Eve", headers: key),
                try await api.patch("ada@x.org", #"{"name":"B"}"#, headers: key),
                try await api.patch("ada@x.org", #"{"email":"A@x.org"}"#, headers: key),
                try await api.patch("bob@x.org", #"{"name":"A"}"#, headers: key),
                try await api.delete("bob@x.org", headers: key),
            ] {
                #expect(answer.status == 422)
                #expect(answer.problemType == "/problems/idempotency-key-reused")
            }
            #expect(await api.store.allEvents().count == 4)
        }
    }

    @Test("at the same time leads to one event and one answer")
    func concurrent() async throws {
        try await LiveCommandAPI.run { api in
            let answers = try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                for _ in 0..<16 {
                    group.addTask { try await api.register("ada@x.org", headers: [("Idempotency-Key", "k")]) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers.map(\.status)) == [202])
            #expect(Set(answers.map(\.body)).count == 1)
            #expect(await api.store.allEvents().count == 1)
        }
    }

    @Test("of what was refused is decided anew")
    func refused() async throws {
        try await LiveCommandAPI.run { api in
            try await api.registered("ada@x.org")
            let key = [("Idempotency-Key", "k")]
            #expect(try await api.register("ada@x.org", headers: key).status == 409)
            _ = try await api.delete("ada@x.org")
            #expect(try await api.register("ada@x.org", headers: key).status == 202)
        }
    }

    @Test("of a change that changed nothing gives the first answer, and overwrites nobody's later change")
    func unchanged() async throws {
        try await LiveCommandAPI.run { api in
            try await api.registered("ada@x.org")
            let key = [("Idempotency-Key", "k")]
            let first = try await api.patch("ada@x.org", #"{"name":"Ada"}"#, headers: key)
            #expect(first.status == 200)
            #expect(try await api.patch("ada@x.org", #"{"name":"Countess of Lovelace"}"#).status == 202)
            let again = try await api.patch("ada@x.org", #"{"name":"Ada"}"#, headers: key)
            #expect(again.status == 200)
            #expect(again.body == first.body)
            #expect(again.header("etag") == "\"1\"")
            #expect(await api.store.allEvents().count == 2)
        }
    }
}
