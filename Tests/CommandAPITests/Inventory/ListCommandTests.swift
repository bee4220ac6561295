// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Foundation
import HTTPTestSupport
import Inventory
import Testing

/// What an accepted command on a list says.
private struct Accepted: Decodable, Equatable {
    let id: String
    let lineId: String?
    let version: Int
    let eventId: String

    init(_ answer: HTTPAnswer) throws {
        self = try JSONDecoder().decode(Accepted.self, from: Data(answer.body.utf8))
    }
}

@Suite("The commands on stock lists", .timeLimit(.minutes(1)))
struct ListCommandTests {
    private static let path = "api/v1/inventory/lists"
    private static let body = #"{"customer":"  Ada   Lovelace","expiresOn":"2027-01-31"}"#
    private static let line = #"{"product":"Lamp","quantity":3}"#
    private static let unknown = "017f22e2-79b0-7cc3-98c4-000000000001"

    private func create(_ api: LiveCommandAPI) async throws -> Accepted {
        let answer = try await HTTP.post("\(api.url)/\(Self.path)", json: Self.body)
        #expect(answer.status == 202, "\(answer.body)")
        return try Accepted(answer)
    }

    private func addLine(
        _ api: LiveCommandAPI, _ id: String, _ json: String = line, headers: [(String, String)] = []
    ) async throws -> HTTPAnswer {
        try await HTTP.send("POST", "\(api.url)/\(Self.path)/\(id)/lines", json: json, headers: headers)
    }

    private func delete(
        _ api: LiveCommandAPI, _ id: String, headers: [(String, String)] = []
    ) async throws -> HTTPAnswer {
        try await HTTP.send("DELETE", "\(api.url)/\(Self.path)/\(id)", headers: headers)
    }

    private func events(_ api: LiveCommandAPI, of id: String) async throws -> [ListEvent] {
        let stream = try #require(StreamID("list-\(id)"))
        return try await api.store.read(stream, after: 0, limit: 100).map { try ListEvent.decode($0) }
    }

    @Test("beginning one answers with its identifier, its version and where to read it")
    func begin() async throws {
        try await LiveCommandAPI.run { api in
            let answer = try await HTTP.post("\(api.url)/\(Self.path)", json: Self.body)
            let list = try Accepted(answer)
            #expect(answer.status == 202)
            #expect(answer.header("etag") == "\"1\"")
            #expect(
                answer.header("location")
                    == "http://query.example.org/\(Self.path)/\(list.id)?minVersion=1&id=\(list.id)")
            guard case .created(let created)? = try await events(api, of: list.id).first else {
                Issue.record("no list was begun")
                return
            }
            #expect(created.customer == "Ada Lovelace")
            #expect(created.expiresOn == "2027-01-31")
        }
    }

    @Test("a line answers with its identifier, and a repeat with that of the first one")
    func addLine() async throws {
        try await LiveCommandAPI.run { api in
            let list = try await create(api)
            let key = [("Idempotency-Key", "k")]
            let first = try await addLine(api, list.id, headers: key)
            #expect(first.status == 202)
            #expect(try Accepted(first).version == 2)
            #expect(first.header("location")?.hasSuffix("/\(list.id)?minVersion=2&id=\(list.id)") == true)
            let other = try await addLine(api, list.id)
            let again = try await addLine(api, list.id, headers: key)
            #expect(again.body == first.body)
            #expect(again.status == 202)
            let lines = try await events(api, of: list.id).compactMap { event -> String? in
                if case .lineAdded(let line) = event { line.lineID.description } else { nil }
            }
            #expect(lines == [try Accepted(first).lineId, try Accepted(other).lineId])
        }
    }

    @Test("a key that came with another line is refused")
    func otherLine() async throws {
        try await LiveCommandAPI.run { api in
            let list = try await create(api)
            _ = try await addLine(api, list.id, headers: [("Idempotency-Key", "k")])
            let other = try await addLine(
                api, list.id, #"{"product":"Lamp","quantity":4}"#, headers: [("Idempotency-Key", "k")])
            #expect(other.problemType == "/problems/idempotency-key-reused")
        }
    }

    @Test("removing one answers without a place to look, and nothing can be added to it afterwards")
    func remove() async throws {
        try await LiveCommandAPI.run { api in
            let list = try await create(api)
            let stale = try await delete(api, list.id, headers: [("If-Match", "\"2\"")])
            #expect(stale.status == 412)
            let answer = try await delete(api, list.id, headers: [("If-Match", "\"1\"")])
            #expect(answer.status == 202)
            #expect(answer.header("location") == nil)
            for refused in [try await addLine(api, list.id), try await delete(api, list.id)] {
                #expect(refused.status == 404)
                #expect(refused.problemType == "/problems/list-not-found")
            }
        }
    }

    @Test("what is no list is not found", arguments: [unknown, "list", "%20"])
    func nobody(id: String) async throws {
        try await LiveCommandAPI.run { api in
            for answer in [try await addLine(api, id), try await delete(api, id)] {
                #expect(answer.status == 404)
                #expect(answer.problemType == "/problems/list-not-found")
            }
        }
    }

    @Test(
        "every wrong field is named",
        arguments: [
            (#"{"customer":" ","expiresOn":"2027-02-30"}"#, ["/customer", "/expiresOn"]),
            (#"{"customer":"Ada","expiresOn":"31.1.2027","note":1}"#, ["/expiresOn", "/note"]), ("{}", ["/customer"]),
        ])
    func fields(json: String, pointers: [String]) async throws {
        try await LiveCommandAPI.run { api in
            let answer = try await HTTP.post("\(api.url)/\(Self.path)", json: json)
            #expect(answer.status == 422)
            for pointer in pointers { #expect(answer.body.contains("\"\(pointer)\"")) }
        }
    }

    @Test(
        "every wrong field of a line is named",
        arguments: [
            #"{"product":"","quantity":0}"#, #"{"product":7,"quantity":"3"}"#, #"{"quantity":1.5}"#,
            #"{"product":"\u0000","quantity":1000000001}"#,
        ])
    func lineFields(json: String) async throws {
        try await LiveCommandAPI.run { api in
            let answer = try await addLine(api, Self.unknown, json)
            #expect(answer.status == 422)
            for pointer in ["/product", "/quantity"] { #expect(answer.body.contains("\"\(pointer)\"")) }
        }
    }

    @Test("a list that is full is told so, with how many lines it can have")
    func full() async throws {
        try await LiveCommandAPI.run { api in
            let list = try await create(api)
            let id = try #require(UUIDv7(list.id))
            for start in stride(from: Int64(2), to: 10_002, by: 100) {
                let now = Timestamp.now()
                let events = (start..<start + 100).map { version in
                    let line = ListEvent.lineAdded(LineAdded(id: id, lineID: id, product: "Lamp", quantity: 1))
                    return RecordedEvent(
                        id: UUIDv7(at: now), stream: Lists.stream(of: id), version: version, type: line.type,
                        schema: line.schema, recordedAt: now, data: line.encoded(),
                        metadata: EventMetadata(correlationID: "test"))
                }
                let commit = Commit(events[0], Array(events.dropFirst()))
                let outcome = try await api.store.append(EventAppend(commit, writer: WriterID(), sequence: 1))
                #expect(outcome == .appended)
            }
            let answer = try await addLine(api, list.id)
            #expect(answer.status == 409)
            #expect(answer.problemType == "/problems/too-many-lines")
            #expect(answer.body.contains(#""maximum":10000"#))
        }
    }
}
