// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A row of sums, as it is at one moment.
public struct SumRow: Sendable, Equatable {
    /// The row's key.
    public let key: String
    /// The sums, in the order of the table's columns.
    public let values: [Int64]
    /// The quotients, in the order of the table's ratios; `nil` where the divisor is 0.
    public let ratios: [Double?]

    /// Describes a row.
    public init(key: String, values: [Int64], ratios: [Double?] = []) {
        self.key = key
        self.values = values
        self.ratios = ratios
    }
}

/// A read model whose sums can be read.
public protocol SumQueries: Sendable {
    /// The rows that there are of these; what nothing has been added to is none.
    ///
    /// - Throws: an error with a ``FailureCategory``; nothing was read.
    func rows(of table: SumTable, _ keys: Set<String>) async throws -> [String: SumRow]

    /// The first rows by one of the table's ranks.
    ///
    /// - Parameters:
    ///   - rank: one of ``SumTable/ranks``.
    ///   - least: a column of the rank, and what a row must have of it at least; `nil` for any.
    ///   - limit: the most rows, at least 1.
    /// - Throws: an error with a ``FailureCategory``; nothing was read.
    func top(
        of table: SumTable, by rank: [String], atLeast least: (column: String, value: Int64)?, limit: Int
    ) async throws -> [SumRow]
}
