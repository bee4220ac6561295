// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Foundation
import HTTPTestSupport
import TestSupport
import Testing

@Suite("An import", .timeLimit(.minutes(1)))
struct ImportTests {
    @Test("answers each line in order with what POST /users would answer")
    func mixed() async throws {
        try await LiveCommandAPI.run { api in
            try await api.registered("taken@x.org")
            let results = try await api.importing(
                #"""
                {"name":"Ada","email":"Ada@x.org"}
                {"name":"Eve","email":"TAKEN@x.org"}
                nonsense

                {"name":"Bob"}
                {"name":"Bob","email":"bob@x.org","role":"admin"}
                ["Bob"]
                {"name":"Bob","email":"bob@x.org"}
                """#)
            #expect(results.map(\.line) == [1, 2, 3, 5, 6, 7, 8])
            #expect(results.map(\.status) == [202, 409, 400, 422, 422, 422, 202])
            #expect(
                results.map { $0.problem?.type } == [
                    nil, "/problems/email-already-taken", "/problems/malformed-json", "/problems/invalid-fields",
                    "/problems/invalid-fields", "/problems/invalid-fields", nil,
                ])
            #expect(results.allSatisfy { $0.problem == nil || $0.problem?.status == $0.status })
            // The line of the input, not that within the line.
            #expect(results[2].problem?.line == 3)
            #expect(results[0].email == "Ada@x.org")
            #expect(results[0].version == 1)
            let events = await api.store.allEvents()
            #expect(events.count == 3)
            #expect(
                Set(events.map(\.id.description)).isSuperset(of: [results[0].eventId ?? "", results[6].eventId ?? ""]))
            #expect(Set(events.map { String($0.stream.entity) }).isSuperset(of: results.compactMap(\.id)))
        }
    }

    @Test(
        "takes any end of line, a last line without one, and passes blank lines over",
        arguments: [
            ("{A}\n{B}\n", [1, 2]), ("{A}\n{B}", [1, 2]), ("{A}\r\n{B}\r\n", [1, 2]), ("{A}\r\n{B}", [1, 2]),
            ("\n\n{A}\n \t\n{B}\n\n\n", [3, 5]), ("\r\n{A}\r\n\r\n{B}\r", [2, 4]), ("  {A}  \n\t{B}\n", [1, 2]),
            ("", []), ("\n", []), (" ", []),
        ])
    func lineEnds(body: String, lines: [Int]) async throws {
        try await LiveCommandAPI.run { api in
            let body = body.replacing("{A}", with: #"{"name":"A","email":"a@x.org"}"#)
                .replacing("{B}", with: #"{"name":"B","email":"b@x.org"}"#)
            let results = try await api.importing(body)
            #expect(results.map(\.line) == lines)
            #expect(results.allSatisfy { $0.status == 202 })
        }
    }

    @Test(
        "goes by any of the format's names",
        arguments: ["application/x-ndjson", "application/jsonl", "Application/NDJSON; charset=utf-8"])
    func mediaTypes(type: String) async throws {
        try await LiveCommandAPI.run { api in
            let answer = try await HTTP.send(
                "POST", "\(api.url)/users/import", json: #"{"name":"A","email":"a@x.org"}"#, type: type)
            #expect(answer.status == 200)
            #expect(answer.body.hasPrefix(#"{"line":1,"status":202,"id":""#))
        }
    }

    @Test(
        "refuses a line that is too long, and takes those around it", arguments: [16_385, 16_386, 200_000, 2_000_000])
    func longLine(length: Int) async throws {
        try await LiveCommandAPI.run { api in
            let results = try await api.importing(
                #"{"name":"A","email":"a@x.org"}"# + "\n" + String(repeating: "x", count: length) + "\r\n"
                    + #"{"name":"B","email":"b@x.org"}"# + "\n" + String(repeating: " ", count: length))
            #expect(results.map(\.line) == [1, 2, 3, 4])
            #expect(results.map(\.status) == [202, 413, 202, 413])
            #expect(results[1].problem?.type == "/problems/content-too-large")
            #expect(results[1].problem?.detail?.contains("16384") == true)
        }
    }

    @Test("takes a line of the longest length")
    func longestLine() async throws {
        try await LiveCommandAPI.run { api in
            let line = #"{"name":"A","email":"a@x.org"}"#
            let padded = line + String(repeating: " ", count: (16 << 10) - line.utf8.count)
            let results = try await api.importing(padded + "\r\n")
            #expect(results.map(\.status) == [202])
        }
    }

    @Test(
        "repeated with the same Idempotency-Key gives the same answers; a line that differs is refused, a new one taken"
    )
    func idempotency() async throws {
        try await LiveCommandAPI.run { api in
            let lines = (1...300).map { #"{"name":"User","email":"user\#($0)@x.org"}"# }
            let key = [("Idempotency-Key", "\"import-1\"")]
            let first = try await api.importing(lines.joined(separator: "\n"), headers: key)
            #expect(first.map(\.status) == Array(repeating: 202, count: 300))
            // Also after one of them has changed.
            _ = try await api.patch("user7@x.org", #"{"email":"moved@x.org"}"#)
            #expect(try await api.importing(lines.joined(separator: "\n"), headers: key) == first)

            var changed = lines
            changed[4] = #"{"name":"Eve","email":"user5@x.org"}"#
            changed.append(#"{"name":"New","email":"new@x.org"}"#)
            let third = try await api.importing(changed.joined(separator: "\n"), headers: key)
            #expect(third[4].status == 422)
            #expect(third[4].problem?.type == "/problems/idempotency-key-reused")
            #expect(third[300].status == 202)
            #expect(Array(third[..<4]) == Array(first[..<4]))
            #expect(Array(third[5..<300]) == Array(first[5...]))
            #expect(await api.store.allEvents().count == 302)

            // Without the key they are other registrations.
            let other = try await api.importing(lines[0])
            #expect(other.map(\.status) == [409])
        }
    }

    @Test("says for each line that it cannot be taken now")
    func unavailable() async throws {
        try await LiveCommandAPI.run(relays: false) { api in
            let lines = (1...50).map { #"{"name":"User","email":"user\#($0)@x.org"}"# }
            let results = try await api.importing(lines.joined(separator: "\n"))
            #expect(results.map(\.line) == Array(1...50))
            #expect(results.allSatisfy { $0.status == 503 && $0.problem?.type == "/problems/unavailable" })
        }
    }
}
