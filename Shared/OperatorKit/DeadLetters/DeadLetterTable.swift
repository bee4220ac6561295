// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import CQRSAMQP
internal import Essentials

/// Letters as a table for people.
struct DeadLetterTable {
    private var table = TextTable(["ID", "STREAM", "VERSION", "TYPE", "REASON", "ATTEMPTS", "FAILED AT"])

    mutating func append(_ letter: DeadLetterRecord) {
        table.append([
            letter.printableID, Self.cell(letter.stream), Self.cell(letter.version?.description),
            Self.cell(letter.type), Self.cell(letter.reason), Self.cell(letter.attempts?.description),
            Self.cell(letter.failedAt?.description),
        ])
    }

    var isEmpty: Bool { table.isEmpty }

    var lines: [String] { table.lines }

    /// Text that a terminal shows in one cell: names of ours have at most 41 characters, those of others may have more.
    private static func cell(_ text: String?) -> String {
        guard let text, !text.isEmpty else { return "-" }
        return Printable.text(text, limit: 64)
    }
}
