// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

extension InMemoryReadModel: SumQueries {
    /// The rows that there are of these.
    public func rows(of table: SumTable, _ keys: Set<String>) async -> [String: SumRow] {
        var found: [String: SumRow] = [:]
        for key in keys { found[key] = sums[SumKey(table, key)].map { SumRow(table, key, $0) } }
        return found
    }

    /// The first rows by a rank, of all rows sorted.
    public func top(
        of table: SumTable, by rank: [String], atLeast least: (column: String, value: Int64)?, limit: Int
    ) async -> [SumRow] {
        let rows = sums.filter { $0.key.table == table }.map { SumRow(table, $0.key.row, $0.value) }
        return Array(
            rows.filter { row in least.map { table.value(of: $0.column, in: row) >= Double($0.value) } ?? true }
                .sorted { a, b in
                    for name in rank {
                        let (left, right) = (table.value(of: name, in: a), table.value(of: name, in: b))
                        if left != right { return left > right }
                    }
                    return a.key < b.key
                }.prefix(limit))
    }

    /// Adds all documents up, and compares.
    public func compareSums(_ found: ([SumDifference]) async throws -> Void) async throws -> Int {
        let (documents, stored, mends) = allAtOnce
        var expected = SumChanges()
        for document in documents.values { expected.replace(nil, by: document) }
        let keys = Set(stored.keys).union(expected.rows.keys)
        try await found(
            keys.compactMap { key in
                let none = key.table.columns.map { _ in Int64(0) }
                let difference = SumDifference(
                    key: key, stored: stored[key] ?? none, expected: expected.rows[key] ?? none,
                    mends: mends[key] ?? 0)
                return difference.stored == difference.expected ? nil : difference
            })
        return keys.count
    }

    /// Adds to rows what they lack, unless they have been mended since.
    public func mend(_ differences: [SumDifference]) async {
        for difference in differences { addOnce(difference) }
    }
}

extension SumTable {
    fileprivate func value(of name: String, in row: SumRow) -> Double {
        if let index = columns.firstIndex(of: name) { return Double(row.values[index]) }
        return ratios.firstIndex { $0.name == name }.flatMap { row.ratios[$0] } ?? -.infinity
    }
}

extension SumRow {
    fileprivate init(_ table: SumTable, _ key: String, _ values: [Int64]) {
        self.init(key: key, values: values, ratios: table.quotients(of: values))
    }
}
