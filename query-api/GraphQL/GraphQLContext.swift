// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import GraphQL
import Hummingbird
import ServiceKit

/// What a request brings along for its resolvers.
struct GraphQLContext: Sendable {
    /// How long the client is ready to wait for what is not visible yet, if it has said so.
    let wait: WaitPreference?
    let budget = LookupBudget()

    init(_ request: Request) { wait = WaitPreference(request.headers).map { min($0, .longest) } }

    /// What comes of a field for each of the objects and aliases for which it is asked.
    ///
    /// - Parameters:
    ///   - cost: how many documents the field looks at.
    ///   - width: how many are looked for at a time.
    func outcomes<Source, Output: Sendable>(
        of requests: [FieldRequest<Source>], width: Int,
        cost: @escaping @Sendable (Arguments) throws -> Int = { _ in 1 },
        _ resolve: @escaping @Sendable (FieldRequest<Source>) async throws -> Output
    ) async -> [Result<Output, any Error>] {
        await concurrently(requests, width: width) { request in
            do {
                // What waits for its turn when the client leaves is not begun.
                try Task.checkCancellation()
                try budget.spend(try cost(request.arguments))
                return .success(try await resolve(request))
            } catch {
                return .failure(error)
            }
        }
    }
}
