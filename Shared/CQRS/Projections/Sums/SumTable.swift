// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Sums over the documents of a read model, in rows that are keyed otherwise than by stream.
///
/// Each document says what it adds to which rows (``ReadModelDocument/addends``). Whoever writes a document writes the
/// difference to what the stored one adds in the same transaction. So a row is always the sum over the documents that are
/// stored, whatever is repeated, reordered, cut off, made anew or removed.
public struct SumTable: Sendable, Hashable {
    /// The table's permanent name within its read model, in lower-case letters and `_`.
    public let name: String
    /// The names of what is added up, in the order in which addends give it. They never change.
    public let columns: [String]
    /// Quotients of columns.
    public let ratios: [SumRatio]
    /// What rows are listed by: columns or ratios, the greatest first; where they are equal, by the next.
    public let ranks: [[String]]

    /// Describes a table.
    ///
    /// - Parameters:
    ///   - columns: at least one, each like the name.
    ///   - ranks: each is an index, so that the first rows are found without a look at the others.
    public init(_ name: String, columns: [String], ratios: [SumRatio] = [], ranks: [[String]] = []) {
        let known = columns + ratios.map(\.name)
        precondition(
            !columns.isEmpty && Set(known).count == known.count && !known.contains { $0.hasPrefix("_") },
            "a table's columns have names of their own, which begin with a letter")
        precondition(
            ratios.allSatisfy { columns.contains($0.numerator) && columns.contains($0.denominator) }
                && ranks.joined().allSatisfy(known.contains), "ratios and ranks are of the table's columns")
        self.name = name
        self.columns = columns
        self.ratios = ratios
        self.ranks = ranks
    }

    /// Whether quotients change when so much is added to the columns, in their order.
    public func quotients(changeBy values: [Int64]) -> Bool {
        zip(columns, values).contains { column, value in
            value != 0 && ratios.contains { $0.numerator == column || $0.denominator == column }
        }
    }

    /// The quotients of a row's columns, in the order of ``ratios``; `nil` where the divisor is not greater than 0.
    public func quotients(of values: [Int64]) -> [Double?] {
        func value(_ column: String) -> Double { columns.firstIndex(of: column).map { Double(values[$0]) } ?? 0 }
        return ratios.map { ratio in
            let divisor = value(ratio.denominator)
            return divisor > 0 ? value(ratio.numerator) / divisor : nil
        }
    }
}

/// A quotient of two columns that is kept beside them, so that rows can be listed by it.
public struct SumRatio: Sendable, Hashable {
    /// Its permanent name.
    public let name: String
    /// The column that is divided.
    public let numerator: String
    /// The column that it is divided by. A row where that is 0 has no such quotient.
    public let denominator: String

    /// Describes a quotient.
    public init(_ name: String, of numerator: String, over denominator: String) {
        self.name = name
        self.numerator = numerator
        self.denominator = denominator
    }
}
