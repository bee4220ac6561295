// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Engagement
import HTTPTestSupport
import Testing

@Suite("What is wrong with commands on engagement", .timeLimit(.minutes(1)))
struct EngagementFieldTests {
    private static let invalid: [(path: String, json: String, pointers: [String])] = [
        ("click", "{}", ["/anime_id", "/user_id"]),
        ("click", #"{"anime_id":0,"user_id":""}"#, ["/anime_id", "/user_id"]),
        ("click", #"{"anime_id":-1,"user_id":" "}"#, ["/anime_id", "/user_id"]),
        ("click", #"{"anime_id":9007199254740992,"user_id":"a\u0000"}"#, ["/anime_id", "/user_id"]),
        ("click", #"{"anime_id":"1","user_id":1}"#, ["/anime_id", "/user_id"]),
        ("click", #"{"anime_id":1.5,"user_id":"a\u0007"}"#, ["/anime_id", "/user_id"]),
        ("click", #"{"anime_id":null,"user_id":null}"#, ["/anime_id", "/user_id"]),
        ("click", #"{"anime_id":1,"user_id":"\#(String(repeating: "a", count: 129))"}"#, ["/user_id"]),
        ("click", #"{"anime_id":1,"user_id":"a","score":1}"#, ["/score"]),
        ("click", #"{"anime_id":1,"user_id":"a","type":"click"}"#, ["/type"]),
        ("click", #"{"animeId":1,"userId":"a"}"#, ["/anime_id", "/user_id", "/animeId", "/userId"]),
        ("view", #"{"anime_id":1,"user_id":"a","duration_seconds":-1}"#, ["/duration_seconds"]),
        ("view", #"{"anime_id":1,"user_id":"a","duration_seconds":86401}"#, ["/duration_seconds"]),
        ("view", #"{"anime_id":1,"user_id":"a","duration_seconds":null}"#, ["/duration_seconds"]),
        ("view", #"{"duration_seconds":"1"}"#, ["/anime_id", "/user_id", "/duration_seconds"]),
        ("rating", #"{"anime_id":1,"user_id":"a"}"#, ["/score"]),
        ("rating", #"{"anime_id":1,"user_id":"a","score":0}"#, ["/score"]),
        ("rating", #"{"anime_id":1,"user_id":"a","score":11}"#, ["/score"]),
        ("rating", #"{"anime_id":1,"user_id":"a","score":7.5}"#, ["/score"]),
        ("rating", "[]", [""]),
    ]

    private static let refused: [(path: String, json: String, headers: [(String, String)], status: Int)] = [
        ("click", "", [], 400),
        ("click", #"{"anime_id":1,"user_id":"a""#, [], 400),
        ("click", #"{"anime_id":1,"anime_id":1,"user_id":"a"}"#, [], 400),
        ("view", #"{"anime_id":1,"user_id":"a"}"#, [("Idempotency-Key", String(repeating: "k", count: 256))], 400),
        ("rating", #"{"anime_id":1,"user_id":"\#(String(repeating: "a", count: 16 << 10))","score":1}"#, [], 413),
    ]

    @Test("is named, every field of it, ahead of the router and behind it, and nothing is taken down")
    func invalidFields() async throws {
        try await LiveCommandAPI.run { api async throws in
            for (path, json, pointers) in Self.invalid {
                let url = "\(api.url)/\(path)"
                let hot = try await HTTP.post(url, json: json)
                let routed = try await HTTP.post(url, json: json, headers: [("Idempotency-Key", "k")])
                for answer in [hot, routed] {
                    #expect(answer.status == 422, "\(json)")
                    #expect(answer.problemType == "/problems/invalid-fields", "\(json)")
                    #expect(answer.header("content-type") == "application/problem+json")
                    let named = answer.body.matches(of: /"pointer":"([^"]*)"/).map { String($0.1) }
                    #expect(named == pointers, "\(json)")
                }
            }
            #expect(await api.store.allEvents(of: Engagement.streamCategory).isEmpty)
        }
    }

    @Test("is told by the status")
    func refused() async throws {
        try await LiveCommandAPI.run { api async throws in
            for (path, json, headers, status) in Self.refused {
                let answer = try await HTTP.post("\(api.url)/\(path)", json: json, headers: headers)
                #expect(answer.status == status, "\(json.prefix(80))")
            }
            for (method, type, status) in [("POST", "text/plain", 415), ("PUT", "application/json", 405)] {
                let answer = try await HTTP.send(method, "\(api.url)/click", json: "{}", type: type)
                #expect(answer.status == status)
            }
            #expect(await api.store.allEvents(of: Engagement.streamCategory).isEmpty)
        }
    }
}
