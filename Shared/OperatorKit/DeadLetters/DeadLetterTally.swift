// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRSAMQP

/// Prints receipts as they come and counts them.
struct DeadLetterTally {
    private let json: Bool
    private let console: Console
    private var expected = 0
    private var done = 0
    private var failed = 0

    init(json: Bool, console: Console) {
        self.json = json
        self.console = console
    }

    /// Takes note of what was selected.
    ///
    /// - Parameters:
    ///   - count: the number of letters.
    ///   - ids: ids that no letter has.
    mutating func expect(_ count: Int, ids: [String]) {
        expected += count
        for id in ids { console.note("no letter has the id \(Printable.text(id))") }
        failed += ids.count
    }

    /// Prints and counts. Receipts come before what they vouch for: see ``Console/keepPrinted()``.
    ///
    /// - Throws: ``OperatorError`` when one cannot be written.
    mutating func add(_ receipts: [DeadLetterReceipt]) throws {
        for receipt in receipts {
            try console.print(json ? receipt.json.line : receipt.line)
            if receipt.isDone { done += 1 } else { failed += 1 }
        }
        try console.keepPrinted()
    }

    /// Prints and counts what became of letters whose receipts said that all would be well.
    mutating func correct(_ receipts: [DeadLetterReceipt]) throws {
        done -= receipts.count
        try add(receipts)
    }

    /// Prints the sum, in this verb.
    ///
    /// - Returns: the exit status.
    @discardableResult
    mutating func finish(_ verb: String) -> Int32 {
        let rest = failed == 0 ? "" : "; \(failed) failed, refused or not found"
        console.note("\(verb) \(done) of \(expected) selected letters\(rest)")
        return failed == 0 && done == expected ? 0 : 1
    }
}
