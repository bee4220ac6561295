// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import MongoDB

extension MongoReadModel: SumQueries {
    /// The rows that there are of these, by their primary key.
    ///
    /// - Throws: ``MongoError``.
    public func rows(of table: SumTable, _ keys: Set<String>) async throws -> [String: SumRow] {
        var filter = BSONWriter()
        filter.appendDocument(SumDocument.key) { $0.append("$in", Array(keys)) }
        var found: [String: SumRow] = [:]
        for try await stored in rows(of: table).find(try filter.finish()) {
            let row = try SumDocument.decode(table, stored)
            if !row.isNothing { found[row.key] = row }
        }
        return found
    }

    /// The first rows by a rank, from its index alone: so many are looked at as are given, and those before them that have less than
    /// is asked for.
    ///
    /// - Throws: ``MongoError``; `unavailable` while there is no index for the rank, because nobody has called
    ///   ``prepare()`` yet.
    public func top(
        of table: SumTable, by rank: [String], atLeast least: (column: String, value: Int64)?, limit: Int
    ) async throws -> [SumRow] {
        precondition(table.ranks.contains(rank), "rows are listed by the table's ranks")
        let index = try SumDocument.index(rank)
        let filter: BSONDocument = least.map { [$0.column: ["$gte": .int64($0.value)]] } ?? [:]
        do {
            return try await rows(of: table).find(
                filter, sort: index.keys, limit: limit, hint: .string(index.effectiveName)
            ).toArray().map { try SumDocument.decode(table, $0) }.filter { !$0.isNothing }
        } catch let error as MongoError {
            guard error.serverCode == ListQuery.badHint else { throw error }
            throw MongoError(.unavailable, "there is no index for this rank yet", serverCode: error.serverCode)
        }
    }
}

extension SumRow {
    /// Whether all that was added to it has been taken away again.
    fileprivate var isNothing: Bool { values.allSatisfy { $0 == 0 } }
}
