// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Foundation
import HTTPTestSupport
import TestSupport
import Testing

@Suite("The commands on users", .timeLimit(.minutes(1)))
struct UserCommandTests {
    @Test("a registration answers with identifier, version, entity tag, event and where to read it")
    func register() async throws {
        try await LiveCommandAPI.run { api in
            let answer = try await HTTP.post(
                "\(api.url)/users", json: #"{"email":"O'Hara+x@Computing.org","name":"  Ada   Lovelace "}"#)
            #expect(answer.status == 202)
            #expect(answer.header("etag") == "\"1\"")
            let outcome = try Outcome(answer)
            #expect(
                answer.header("location")
                    == "http://query.example.org/users/O'Hara+x@Computing.org?minVersion=1&id=\(outcome.id)")
            #expect(outcome.version == 1)
            #expect(outcome.email == "O'Hara+x@Computing.org")
            let event = try await nextEvent(of: api)
            #expect(event.type == "user.created")
            #expect(event.id.description == outcome.eventId)
            #expect(event.stream.name == "user-\(outcome.id)")
            #expect(String(decoding: event.data, as: UTF8.self).contains(#""name":"Ada Lovelace""#))
        }
    }

    @Test("the event knows which request it came from")
    func origin() async throws {
        try await LiveCommandAPI.run { api in
            let trace = "0af7651916cd43dd8448eb211c80319c"
            _ = try await api.register(
                "ada@x.org",
                headers: [
                    ("X-Request-ID", "order-66"), ("traceparent", "00-\(trace)-b7ad6b7169203331-01"),
                    ("Idempotency-Key", "k"),
                ])
            let metadata = try #require(await api.store.allEvents().first?.metadata)
            #expect(metadata.correlationID == "order-66")
            #expect(metadata.traceparent?.hasPrefix("00-\(trace)-") == true)
            #expect(metadata.traceparent?.contains("b7ad6b7169203331") == false)
            #expect(metadata.idempotency?.scope == "users.create")
            #expect(metadata.idempotency?.key == "k")
        }
    }

    @Test("a taken address is refused in any case of letters", arguments: ["ada@x.org", "ADA@X.ORG", "Ada@x.Org"])
    func duplicate(email: String) async throws {
        try await LiveCommandAPI.run { api in
            try await api.registered("Ada@X.org")
            let answer = try await api.register(email)
            #expect(answer.status == 409)
            #expect(answer.problemType == "/problems/email-already-taken")
            #expect(!answer.body.lowercased().contains("x.org"))
        }
    }

    @Test("of two who register one address at the same time one is accepted")
    func race() async throws {
        try await LiveCommandAPI.run { api in
            for number in 0..<50 {
                async let first = api.register("race\(number)@x.org")
                async let second = api.register("RACE\(number)@x.org")
                let statuses = try await [first.status, second.status]
                #expect(statuses.sorted() == [202, 409])
            }
            #expect(await api.store.allEvents().count == 50)
        }
    }

    @Test(
        "is not carried out where If-None-Match names the version it meets", arguments: ["*", #""1""#, #"W/"1", "9""#])
    func noneMatch(header: String) async throws {
        try await LiveCommandAPI.run { api in
            try await api.registered("ada@x.org")
            let headers = [("If-None-Match", header)]
            for answer in [
                try await api.patch("ada@x.org", #"{"name":"Eve"}"#, headers: headers),
                try await api.delete("ada@x.org", headers: headers),
            ] {
                #expect(answer.status == 412)
                #expect(answer.problemType == "/problems/version-mismatch")
            }
            #expect(await api.store.allEvents().count == 1)
            // Where it names others, it is.
            let other = try await api.patch("ada@x.org", #"{"name":"Eve"}"#, headers: [("If-None-Match", #""2""#)])
            #expect(other.status == 202)
        }
    }

    @Test("is not carried out where If-Match wants something to be there, and it makes something")
    func matchNothing() async throws {
        try await LiveCommandAPI.run { api in
            for value in ["*", #""1""#] {
                let posted = try await HTTP.send(
                    "POST", "\(api.url)/users", json: #"{"name":"Ada","email":"ada@x.org"}"#,
                    headers: [("If-Match", value)])
                #expect(posted.status == 412)
                let imported = try await HTTP.send(
                    "POST", "\(api.url)/users/import", json: #"{"name":"Ada","email":"ada@x.org"}"#,
                    type: "application/x-ndjson", headers: [("If-Match", value)])
                #expect(imported.status == 412)
            }
            #expect(await api.store.allEvents().isEmpty)
        }
    }

    @Test("takes a change as the merge patch that it is, and says what it takes")
    func mergePatch() async throws {
        try await LiveCommandAPI.run { api in
            try await api.registered("ada@x.org")
            func patch(_ type: String) async throws -> HTTPAnswer {
                try await HTTP.send("PATCH", "\(api.url)/users/ada@x.org", json: #"{"name":"\#(type)"}"#, type: type)
            }
            #expect(try await patch("application/merge-patch+json").status == 202)
            #expect(try await patch("application/json").status == 202)
            let refused = try await patch("application/json-patch+json")
            #expect(refused.status == 415)
            #expect(refused.header("accept-patch") == "application/merge-patch+json, application/json")
        }
    }

    @Test("a change answers with the next version, and publishes what holds then")
    func update() async throws {
        try await LiveCommandAPI.run { api in
            let registered = try await api.registered("Ada@X.org")
            let answer = try await api.patch("ada@x.ORG", #"{"name":"Ada Lovelace"}"#)
            #expect(answer.status == 202)
            #expect(answer.header("etag") == "\"2\"")
            let outcome = try Outcome(answer)
            #expect(
                answer.header("location")
                    == "http://query.example.org/users/Ada@X.org?minVersion=2&id=\(registered.id)")
            #expect(outcome.id == registered.id)
            #expect(outcome.email == "Ada@X.org")
            #expect(outcome.version == 2)
            _ = try await nextEvent(of: api)
            let event = try await nextEvent(of: api)
            #expect(event.id.description == outcome.eventId)
            #expect(event.type == "user.updated")
            let data = String(decoding: event.data, as: UTF8.self)
            #expect(data.contains(#""name":"Ada Lovelace""#) && data.contains(#""email":"Ada@X.org""#))
        }
    }

    @Test(
        "a change that changes nothing answers 200 with the present version and without an event",
        arguments: [#"{"name":"Ada"}"#, #"{"name":"  Ada "}"#, #"{"email":"Ada@X.org"}"#])
    func noChange(json: String) async throws {
        try await LiveCommandAPI.run { api in
            let registered = try await api.registered("Ada@X.org")
            let answer = try await api.patch("ada@x.org", json)
            #expect(answer.status == 200)
            #expect(answer.header("etag") == "\"1\"")
            #expect(answer.body == #"{"id":"\#(registered.id)","email":"Ada@X.org","version":1}"#)
            #expect(await api.store.allEvents().count == 1)
        }
    }

    @Test("another spelling of the own address is a change, and no conflict")
    func spelling() async throws {
        try await LiveCommandAPI.run { api in
            try await api.registered("ada@x.org")
            let answer = try await api.patch("ada@x.org", #"{"email":"Ada@X.org"}"#)
            #expect(answer.status == 202)
            #expect(try Outcome(answer).email == "Ada@X.org")
        }
    }

    @Test("a change of address frees the old one, takes the new one, and says where the user is found")
    func move() async throws {
        try await LiveCommandAPI.run { api in
            let first = try await api.registered("old@x.org")
            try await api.registered("other@x.org")
            #expect(try await api.patch("old@x.org", #"{"email":"other@x.org"}"#).status == 409)
            let moved = try await api.patch("old@x.org", #"{"email":"a/b@new.org"}"#)
            #expect(moved.status == 202)
            #expect(
                moved.header("location")
                    == "http://query.example.org/users/a%2Fb@new.org?minVersion=2&id=\(first.id)")
            #expect(try Outcome(moved).email == "a/b@new.org")
            #expect(try await api.patch("old@x.org", #"{"name":"Eve"}"#).status == 404)
            #expect(try await api.register("A/B@new.org").status == 409)
            #expect(try await api.registered("old@x.org").id != first.id)
            #expect(try Outcome(try await api.patch("a%2Fb@new.org", #"{"name":"Eve"}"#)).id == first.id)
        }
    }

    @Test("a deletion answers with the last version and no place to read, and frees the address")
    func delete() async throws {
        try await LiveCommandAPI.run { api in
            let first = try await api.registered("Ada@X.org")
            let answer = try await api.delete("ADA@x.org")
            #expect(answer.status == 202)
            #expect(answer.header("etag") == "\"2\"")
            #expect(answer.header("location") == nil)
            let outcome = try Outcome(answer)
            #expect(outcome.id == first.id)
            #expect(outcome.email == "ADA@x.org")
            #expect(outcome.version == 2)
            #expect(try await api.delete("ada@x.org").status == 404)
            let second = try await api.registered("ada@x.org")
            #expect(second.id != first.id)
            #expect(second.version == 1)
            let events = await api.store.allEvents().filter { $0.stream.name == "user-\(first.id)" }
            #expect(events.map(\.type) == ["user.created", "user.deleted"])
            #expect(events.last?.id.description == outcome.eventId)
        }
    }

    @Test("If-Match lets through the version it names, and any with *", arguments: [#""1""#, #""0", "1", W/"3""#, "*"])
    func matching(condition: String) async throws {
        try await LiveCommandAPI.run { api in
            try await api.registered("ada@x.org")
            let changed = try await api.patch("ada@x.org", #"{"name":"A"}"#, headers: [("If-Match", condition)])
            #expect(changed.status == 202)
            let expected = condition == "*" ? 202 : 412
            #expect(try await api.delete("ada@x.org", headers: [("If-Match", condition)]).status == expected)
        }
    }

    @Test("a stale If-Match is refused with the current version, even where nothing would change")
    func stale() async throws {
        try await LiveCommandAPI.run { api in
            try await api.registered("ada@x.org")
            _ = try await api.patch("ada@x.org", #"{"name":"Ada L"}"#)
            for condition in [#""1""#, #"W/"2""#] {
                let answer = try await api.patch("ada@x.org", #"{"name":"Ada L"}"#, headers: [("If-Match", condition)])
                #expect(answer.status == 412)
                #expect(answer.problemType == "/problems/version-mismatch")
                #expect(answer.body.contains(#""version":2"#))
            }
            #expect(await api.store.allEvents().count == 2)
        }
    }

    private func nextEvent(of api: LiveCommandAPI) async throws -> RecordedEvent {
        try #require(try await api.broker.nextBatch(maximum: 1).first).event.get()
    }

    @Test(
        "a command by what is no address, however it looks, finds nobody",
        arguments: ["%E2%84%AAim@x.org", "kim", "%20kim@x.org", "kim@x.org.", "k%C4%B1m@x.org"])
    func lookAlike(segment: String) async throws {
        try await LiveCommandAPI.run { api in
            try await api.registered("kim@x.org")
            for answer in [
                try await api.patch(segment, #"{"name":"Eve"}"#),
                try await api.patch(segment, #"{"name":"Eve"}"#, headers: [("Idempotency-Key", "k")]),
                try await api.delete(segment),
            ] {
                #expect(answer.status == 404)
                #expect(answer.problemType == "/problems/user-not-found")
            }
            #expect(await api.store.allEvents().count == 1)
        }
    }
}
