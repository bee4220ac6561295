// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Results as people read them, in Markdown.
struct Table {
    private var rows: [[String]] = [["", "unit", "median", "min", "max", "rounds", "of its limits"]]

    init(_ summaries: [Summary]) {
        for summary in summaries {
            let numbers = [summary.median, summary.min, summary.max].map(Self.text)
            let ratios = summary.ratios.map { "\(Self.percent($0.ratio)) of \($0.limit)" }.joined(separator: "; ")
            rows.append(
                [summary.metric, summary.unit] + numbers
                    + ["\(summary.rounds)\(summary.isDisturbed ? "*" : "")", ratios])
        }
    }

    var lines: [String] {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        func line(_ row: [String]) -> String {
            "| "
                + zip(row, widths).enumerated().map { column, cell in
                    let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                    return (2...5).contains(column) ? padding + cell.0 : cell.0 + padding
                }.joined(separator: " | ") + " |"
        }
        let rule = widths.enumerated().map { column, width in
            String(repeating: "-", count: width + 1) + ((2...5).contains(column) ? ":" : "-")
        }
        return [line(rows[0]), "|" + rule.joined(separator: "|") + "|"] + rows.dropFirst().map(line)
    }

    /// With three digits that matter, and commas between the thousands.
    private static func text(_ value: Double) -> String {
        func decimals(_ count: Int) -> String {
            let scale = count == 2 ? 100 : 10
            let scaled = Int((value * Double(scale)).rounded())
            let fraction = String(scaled % scale)
            return "\(scaled / scale)." + String(repeating: "0", count: count - fraction.count) + fraction
        }
        if value < 10 { return decimals(2) }
        if value < 100 { return decimals(1) }
        var digits = String(Int(value.rounded()))
        var text = ""
        while digits.count > 3 {
            text = "," + digits.suffix(3) + text
            digits.removeLast(3)
        }
        return digits + text
    }

    private static func percent(_ ratio: Double) -> String {
        let percent = ratio * 100
        return percent < 10 ? "\((percent * 10).rounded() / 10) %" : "\(Int(percent.rounded())) %"
    }
}
