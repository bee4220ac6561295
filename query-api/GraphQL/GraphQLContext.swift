// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import GraphQL
import Hummingbird
import ServiceKit

/// What a request brings along for its resolvers.
struct GraphQLContext: Sendable {
    /// How many reads of pages one request has under way, whatever its fields: it is not to have the database for itself.
    static let pagesAtATime = 4

    /// How long the client is ready to wait for what is not visible yet, if it has said so.
    let wait: WaitPreference?
    let budget = LookupBudget()
    private let turns = KeyedSemaphore<Line>(holderLimit: pagesAtATime)

    /// All reads of pages wait in one line.
    private enum Line { case only }

    init(_ request: Request) { wait = WaitPreference(request.headers).map { min($0, .longest) } }

    /// What comes of a field for each of the objects and aliases for which it is asked, all at once.
    func outcomes<Source, Output: Sendable>(
        of requests: [FieldRequest<Source>],
        _ resolve: @escaping @Sendable (FieldRequest<Source>) async throws -> Output
    ) async -> [Result<Output, any Error>] {
        await concurrently(requests, width: requests.count) { request in
            do {
                try budget.spend(1)
                return .success(try await resolve(request))
            } catch {
                return .failure(error)
            }
        }
    }

    /// What comes of a field that reads a page for each of the objects and aliases for which it is asked, a few at a time.
    func pages<Source, Output: Sendable>(
        of requests: [FieldRequest<Source>],
        _ resolve: @escaping @Sendable (FieldRequest<Source>, PageArguments) async throws -> Output
    ) async -> [Result<Output, any Error>] {
        await concurrently(requests, width: Self.pagesAtATime) { request in
            do {
                let arguments = try PageArguments(request.arguments, budget)
                return .success(try await inTurn { try await resolve(request, arguments) })
            } catch {
                return .failure(error)
            }
        }
    }

    /// Reads pages when it is the caller's turn.
    ///
    /// - Throws: `CancellationError` when the client leaves before: nothing is begun then; what the body throws.
    func inTurn<Output>(_ body: () async throws -> Output) async throws -> Output {
        try await turns.withTurn(.only) {
            try Task.checkCancellation()
            return try await body()
        }
    }
}
