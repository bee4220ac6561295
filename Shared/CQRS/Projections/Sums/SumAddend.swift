// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// A row of a table of sums.
public struct SumKey: Sendable, Hashable {
    /// The table.
    public let table: SumTable
    /// The row's key, 1 to 512 bytes.
    public let row: String

    /// Names a row.
    public init(_ table: SumTable, _ row: String) {
        self.table = table
        self.row = row
    }

    /// Whether both are the same row, byte by byte.
    public static func == (a: SumKey, b: SumKey) -> Bool { a.row.isExactly(b.row) && a.table.name == b.table.name }

    /// Hashes the row.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(ExactText(row))
        hasher.combine(table.name)
    }
}

/// What a document adds to a row.
public struct SumAddend: Sendable, Equatable {
    /// The row.
    public let key: SumKey
    /// What is added, in the order of the table's columns.
    public let values: [Int64]

    /// Describes an addend.
    ///
    /// - Parameter values: as many as the table has columns.
    public init(_ table: SumTable, _ row: String, _ values: [Int64]) {
        precondition(values.count == table.columns.count, "an addend has a value for each column")
        key = SumKey(table, row)
        self.values = values
    }
}
