// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Rows in columns, each as wide as its widest cell.
struct TextTable {
    private var rows: [[String]]

    /// A table with a line of titles.
    init(_ titles: [String]) { rows = [titles] }

    /// Adds a row of as many cells as there are titles.
    mutating func append(_ row: [String]) { rows.append(row) }

    /// Whether there is nothing but titles.
    var isEmpty: Bool { rows.count == 1 }

    /// The lines, without blanks at their ends.
    var lines: [String] {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (cell, width) in zip(row, widths) {
                line += cell + String(repeating: " ", count: width - cell.count + 2)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
