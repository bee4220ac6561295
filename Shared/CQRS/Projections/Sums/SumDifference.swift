// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A row of sums that is not what the documents add up to.
public struct SumDifference: Sendable, Equatable {
    /// The row.
    public let key: SumKey
    /// What is stored, in the order of the table's columns; zeros for a row that is not there.
    public let stored: [Int64]
    /// What the documents add up to.
    public let expected: [Int64]
    /// How often the row had been mended when it was looked at.
    public let mends: Int64

    /// Describes a difference.
    public init(key: SumKey, stored: [Int64], expected: [Int64], mends: Int64 = 0) {
        self.key = key
        self.stored = stored
        self.expected = expected
        self.mends = mends
    }

    /// What the row lacks. What is written meanwhile is added on both sides, so this stays right until somebody has mended it.
    public var lacking: [Int64] { zip(expected, stored).map { $0 &- $1 } }
}

extension SumDifference: CustomStringConvertible {
    /// One line for a terminal; rows can be keyed by personal data, so it is not for logs.
    public var description: String {
        let columns = zip(key.table.columns, zip(stored, expected)).filter { $1.0 != $1.1 }
            .map { "\($0) \($1.0), the documents add up to \($1.1)" }
        let what = columns.isEmpty ? ["another quotient than its columns"] : columns
        return "\(key.table.name)/\(key.row)  sum: \(what.joined(separator: "; "))"
    }
}
