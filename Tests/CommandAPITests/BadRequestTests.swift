// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Foundation
import HTTPTestSupport
import TestSupport
import Testing

@Suite("The command API", .timeLimit(.minutes(3)))
struct BadRequestTests {
    @Test("refuses every bad request with its status and problem type, changes nothing, and goes on serving")
    func table() async throws {
        #expect(BadRequest.all.count >= 130)
        #expect(Set(BadRequest.all.map(\.description)).count == BadRequest.all.count)
        try await LiveCommandAPI.run { api in
            try await api.registered(BadRequest.present)
            try await api.registered("other@example.org")
            try await withThrowingTaskGroup(of: Void.self) { group in
                let queue = WorkQueue(BadRequest.all)
                for _ in 0..<8 {
                    group.addTask {
                        while let request = queue.next() {
                            let answer = try await api.exchange(request)
                            #expect(answer.status == request.status, "\(request): \(answer.text.prefix(600))")
                            #expect(
                                answer.problemType == "/problems/\(request.problem)",
                                "\(request): \(answer.text.prefix(600))")
                            #expect(
                                answer.text.lowercased().contains("content-type: application/problem+json"),
                                "\(request)")
                            let good = try await api.register("\(UUID())@example.org")
                            #expect(good.status == 202, "after: \(request)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            // One event for each good request between them, none for a bad one.
            #expect(await api.store.allEvents().count == BadRequest.all.count + 2)
        }
    }

    @Test("names every invalid field of a request in one answer, with JSON pointers, and repeats no value")
    func allFields() async throws {
        try await LiveCommandAPI.run { api in
            let answer = try await HTTP.post(
                "\(api.url)/users", json: #"{"name":"secret\u0007","email":"secret","a/b~c":"secret"}"#)
            #expect(answer.status == 422)
            let problem = try JSONDecoder().decode(Problem.self, from: Data(answer.body.utf8))
            #expect(Set(problem.errors.map(\.pointer)) == ["/name", "/email", "/a~1b~0c"])
            #expect(!answer.body.contains("secret"))
        }
    }

    @Test("says where malformed JSON is malformed")
    func position() async throws {
        try await LiveCommandAPI.run { api in
            let answer = try await HTTP.post("\(api.url)/users", json: "{\n  \"name\": oops}")
            let problem = try JSONDecoder().decode(Position.self, from: Data(answer.body.utf8))
            #expect(problem.line == 2)
            #expect(problem.column == 11)
        }
    }
}

private struct Problem: Decodable {
    struct Flaw: Decodable {
        let pointer: String
        let detail: String
    }
    let errors: [Flaw]
}

private struct Position: Decodable {
    let line: Int
    let column: Int
}
