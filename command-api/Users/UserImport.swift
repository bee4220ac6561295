// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import HTTPTypes
import Hummingbird
import Logging
import ServiceKit
import Synchronization

/// One import: registers a user for each line, and says what came of it as `POST /users` would.
final class UserImport: Sendable {
    private let users: UserCommands
    private let key: String?
    private let context: ServiceRequestContext
    private let problems: ProblemTranslator
    private let turns: Turns<String>
    private let hasComplained = Atomic<Bool>(false)

    /// - Parameters:
    ///   - key: the import's idempotency key; each line has one of its own from it.
    ///   - turns: shared by all imports; see ``makeTurns()``.
    init(
        users: UserCommands, key: String?, context: ServiceRequestContext, problems: ProblemTranslator,
        turns: Turns<String>
    ) {
        self.users = users
        self.key = key
        self.context = context
        self.problems = problems
        self.turns = turns
    }

    /// Registers the user of a line.
    ///
    /// - Returns: `{"line","status"}` with what `POST /users` answers, or with `problem`.
    func answer(_ line: NDJSONLine) async -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("line", line.number)
        do {
            let answer = try await create(line)
            json.member("status", answer.status.code)
            answer.writeMembers(to: &json)
        } catch {
            complain(error)
            let problem = problems.problem(for: error)
            json.member("status", problem.status.code)
            json.key("problem")
            problem.write(to: &json)
        }
        json.endObject()
        return json.bytes
    }

    private func create(_ line: NDJSONLine) async throws -> UserCommandAnswer {
        guard case .text(let bytes) = line.content else {
            throw ProblemDetails(.contentTooLarge, detail: "a line may have at most \(Self.lineLimit) bytes")
        }
        // The number keeps lines apart, and is the last part, so that no two keys and numbers make the same.
        let origin = UserCommands.Origin(
            Self.scope, key: key.map { "\($0):\(line.number)" }, context, urgency: .bulk)
        let request = try CreateUserRequest(JSONFields(parsing: bytes, inLine: line.number))
        return try await turns.withTurn(Self.scope) { try await users.create(request, origin) }
    }

    private static let scope = "users.import"

    /// What all imports share: some bulks of the event store's, and room for many more commands beside. Lines beyond
    /// wait, and then so does whoever sends them.
    static func makeTurns() -> Turns<String> { Turns(holderLimit: 1024) }

    /// The most bytes of a line, as much as `POST /users` takes.
    static let lineLimit = 16 << 10

    /// Logs the first error that is not the client's: with the database away, every line of millions has one.
    private func complain(_ error: any Error) {
        guard problems.problem(for: error).status.kind == .serverError,
            !hasComplained.exchange(true, ordering: .relaxed)
        else { return }
        problems.log(error, to: context.logger)
    }
}
