// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import GraphQL

extension EntityQueries {
    /// Entities by the addresses that requests for a field name: those in memory at once, all others in a few finds together.
    ///
    /// - Parameter address: what a request names; `nil` for what can be nobody's.
    /// - Returns: for each request what there is, `nil` where nobody is.
    func answers<Source>(
        to requests: [FieldRequest<Source>], _ context: GraphQLContext,
        _ address: @escaping @Sendable (Arguments) throws -> EntityAddress?
    ) async -> [Result<Answer?, any Error>] {
        // All at once: they gather to finds of a hundred (decision 16).
        await context.outcomes(of: requests) { request in
            guard let address = try address(request.arguments) else { return nil }
            if let hit = cached(address) { return hit.answer }
            switch try await lookUp(address, waiting: context.wait) {
            case .found(let found): return found.answer
            case .nobody(isConfirmed: true): return nil
            case .nobody(isConfirmed: false):
                throw FieldFailure("The event store, which has the last word, cannot be asked at the moment.")
            case .notYetVisible: throw FieldFailure("This is there and not visible yet: ask again.")
            }
        }
    }
}
