// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import GraphQL

extension GraphQLContext {
    /// Rows of sums for each of the objects and aliases for which a field is asked, in one look for all of them.
    ///
    /// - Parameter keys: which rows a request is for.
    /// - Returns: for each request its rows, in the order of its keys; `nil` for one that there is not.
    func rows<Source>(
        of table: SumTable, in sums: any SumQueries, for requests: [FieldRequest<Source>],
        _ keys: (FieldRequest<Source>) throws -> [String]
    ) async -> [Result<[(key: String, row: SumRow?)], any Error>] {
        let asked = requests.map { request in
            Result { () throws -> [String] in
                let keys = try keys(request)
                try budget.spend(keys.count)
                return keys
            }
        }
        let wanted = Set(asked.flatMap { (try? $0.get()) ?? [] })
        do {
            let found = wanted.isEmpty ? [:] : try await inTurn { try await sums.rows(of: table, wanted) }
            return asked.map { $0.map { $0.map { (key: $0, row: found[$0]) } } }
        } catch {
            return asked.map { $0.flatMap { _ in .failure(error) } }
        }
    }
}
