// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What becomes of sums when documents take the place of others: for those who store read models.
public struct SumChanges: Sendable {
    /// What is to be added to each row, in the order of its table's columns.
    public private(set) var rows: [SumKey: [Int64]] = [:]

    /// Nothing yet.
    public init() {}

    /// Takes a document in the place of another.
    ///
    /// - Parameters:
    ///   - old: what is stored; `nil` for nothing.
    ///   - new: what will be; `nil` for nothing.
    public mutating func replace<Document: ReadModelDocument>(_ old: Document?, by new: Document?) {
        for addend in old?.addends ?? [] { add(addend.key, addend.values.map { 0 &- $0 }) }
        for addend in new?.addends ?? [] { add(addend.key, addend.values) }
    }

    /// Adds to a row. What is too large for 64 bits wraps around here, rather than end whoever meets it; a store may refuse it.
    public mutating func add(_ key: SumKey, _ values: [Int64]) {
        guard var sums = rows[key] else {
            rows[key] = values
            return
        }
        for index in sums.indices { sums[index] &+= values[index] }
        rows[key] = sums
    }

    /// What changes anything, in one order for all writers: so that two who want the same rows want them in the same order.
    public var inOrder: [(key: SumKey, values: [Int64])] {
        rows.lazy.filter { $0.value.contains { $0 != 0 } }.map { (key: $0.key, values: $0.value) }
            .sorted { ($0.key.table.name, $0.key.row) < ($1.key.table.name, $1.key.row) }
    }
}
