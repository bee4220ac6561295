// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import TestSupport

/// The answer to an accepted command.
struct Accepted: Decodable, Sendable {
    let id: String
    let email: String
    let version: Int
    let eventId: String

    init(_ answer: HTTPAnswer) throws {
        self = try JSONDecoder().decode(Accepted.self, from: Data(answer.body.utf8))
    }
}

/// A client that does not take no answer for an answer: it repeats with the same idempotency key.
struct PersistentClient: Sendable {
    let system: TestSystem

    /// Sends a command until there is an answer that is neither 503 nor a broken connection.
    func send(
        _ method: String, _ path: String, json: String? = nil, headers: [(String, String)] = [], to instance: Int = 0
    ) async throws -> HTTPAnswer {
        let key = UUID().uuidString
        var last: HTTPAnswer?
        try await eventually("an answer to \(method)", within: .seconds(120), every: .milliseconds(50)) {
            let answer = try? await HTTP.send(
                method, system.commandAPIs[instance].url + path, json: json,
                headers: headers + [("Idempotency-Key", "\"\(key)\"")])
            last = answer
            return answer.map { $0.status != 503 } ?? false
        }
        guard let last else { preconditionFailure("eventually would have thrown") }
        return last
    }

    /// Registers a user.
    func register(_ email: String, to instance: Int = 0) async throws -> HTTPAnswer {
        try await send("POST", "/users", json: #"{"name":"Ada","email":"\#(email)"}"#, to: instance)
    }
}

/// Calls a body with numbers from several tasks, until a flag is set or the numbers are used up.
func inParallel(
    _ tasks: Int, count: Int = .max, until stop: Flag = Flag(),
    _ body: @Sendable @escaping (Int) async throws -> Void
) async throws {
    let numbers = Numbers()
    try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<tasks {
            group.addTask {
                while !stop.isSet, let number = numbers.next(below: count) { try await body(number) }
            }
        }
        try await group.waitForAll()
    }
}
