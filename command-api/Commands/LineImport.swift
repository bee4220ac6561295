// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import HTTPTypes
import Hummingbird
import Logging
import ServiceKit
import Synchronization

/// Takes imports of one kind: a command for each line, each answered with a line, in order, as they come.
struct LineImport: Sendable {
    /// What idempotency keys of lines are unique within, such as `users.import`. Stored: it never changes.
    let scope: String
    private let problems: ProblemTranslator
    /// A bulk of the event store's, so that more are hardly done sooner. Lines beyond wait, and then so does whoever sends
    /// them. Imports of other kinds have their own.
    private let turns = KeyedSemaphore<String>(holderLimit: 256)

    init(scope: String, problems: ProblemTranslator) {
        self.scope = scope
        self.problems = problems
    }

    /// The most bytes of a line, as much as a single command takes.
    static let lineLimit = 16 << 10

    /// Answers an import.
    ///
    /// - Parameter command: carries out the command of a line's object.
    func respond(
        _ request: Request, _ context: ServiceRequestContext,
        _ command: @escaping @Sendable (consuming JSONFields, CommandOrigin) async throws -> CommandAnswer
    ) throws -> Response {
        try request.requireNDJSON()
        try request.requireNoExpectation()
        let place = try context.takeStreamPlace()
        let lines = Lines(
            scope: scope, key: try request.idempotencyKey(), context: context, problems: problems, turns: turns,
            command: command)
        // Longer than any import: what keeps a client from holding the connection for nothing is the idle timeout.
        context.allowReceiving(for: .seconds(24 * 3600))
        return .ndjson(answering: request.body, in: place, lineLimit: Self.lineLimit) { await lines.answer($0) }
    }

    /// One import.
    private final class Lines: Sendable {
        private let scope: String
        /// The import's idempotency key; each line has one of its own from it.
        private let key: String?
        private let context: ServiceRequestContext
        private let problems: ProblemTranslator
        private let turns: KeyedSemaphore<String>
        private let command: @Sendable (consuming JSONFields, CommandOrigin) async throws -> CommandAnswer
        private let hasComplained = Atomic<Bool>(false)

        init(
            scope: String, key: String?, context: ServiceRequestContext, problems: ProblemTranslator,
            turns: KeyedSemaphore<String>,
            command: @escaping @Sendable (consuming JSONFields, CommandOrigin) async throws -> CommandAnswer
        ) {
            self.scope = scope
            self.key = key
            self.context = context
            self.problems = problems
            self.turns = turns
            self.command = command
        }

        /// Carries out a line.
        ///
        /// - Returns: `{"line","status"}` with what a single command answers, or with `problem`.
        func answer(_ line: NDJSONLine) async -> [UInt8] {
            var json = JSONWriter()
            json.beginObject()
            json.member("line", line.number)
            do {
                let answer = try await carryOut(line)
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

        private func carryOut(_ line: NDJSONLine) async throws -> CommandAnswer {
            guard case .text(let bytes) = line.content else {
                throw ProblemDetails(
                    .contentTooLarge, detail: "a line may have at most \(LineImport.lineLimit) bytes")
            }
            // The number keeps lines apart, and is the last part, so that no two keys and numbers make the same.
            let origin = CommandOrigin(scope, key: key.map { "\($0):\(line.number)" }, context, urgency: .bulk)
            let fields = try JSONFields(parsing: bytes, inLine: line.number)
            return try await turns.withTurn(scope) { try await command(fields, origin) }
        }

        /// Logs the first error that is not the client's: with the database away, every line of millions has one.
        private func complain(_ error: any Error) {
            guard problems.problem(for: error).status.kind == .serverError,
                !hasComplained.exchange(true, ordering: .relaxed)
            else { return }
            problems.log(error, to: context.logger)
        }
    }
}
