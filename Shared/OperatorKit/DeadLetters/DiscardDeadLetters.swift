// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import ArgumentParser
internal import CQRSAMQP
internal import Essentials

extension DeadLettersCommand {
    /// `dead-letters discard`: removes letters for good.
    struct Discard: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract: "Remove letters for good.",
                discussion: """
                    Shows what is selected and asks; --yes answers. Without a terminal to ask on it needs --yes, and else ends \
                    with status 2. What it prints identifies everything that is discarded, and is written before that; where it \
                    cannot be written nothing is discarded (status 74). Exit status 1 if any failed.

                      consumer dead-letters discard 0193c8a5-7b1e-7cc3-98c4-dc0c0c07398f
                      consumer dead-letters discard --reason not-an-event
                      consumer dead-letters discard --all --yes --json >discarded.ndjson
                    """)
        }

        @OptionGroup private var options: DeadLetterOptions<Owner>
        @OptionGroup private var selection: DeadLetterSelection

        @Flag(help: "Do not ask.")
        private var yes = false

        @Flag(help: "Print receipts as JSON, one object a line.")
        private var json = false

        func run() async throws {
            try await options.run { try await execute($0, .standard) }
        }

        func execute(_ broker: AMQPConfiguration, _ console: Console) async throws -> Int32 {
            guard yes || console.isInteractive else {
                console.note("error: nobody can be asked here: say --yes to discard without a question")
                return OperatorExit.notConfirmed
            }
            return try await options.withLetters(broker) { letters in
                // First looked at and put back: the answer may take longer than the broker lets a reader hold letters.
                let ids = yes ? nil : try await show(letters, console)
                if let ids, !ids.isEmpty {
                    guard console.confirms("Discard \(count(ids)) from \(letters.name) for good?") else {
                        console.note("nothing was discarded")
                        return OperatorExit.notConfirmed
                    }
                }
                var tally = DeadLetterTally(json: json, console: console)
                do {
                    try await discard(letters, shown: ids.map { Set($0.keys) }, console, &tally)
                } catch {
                    tally.finish("discarded")
                    throw error
                }
                return tally.finish("discarded")
            }
        }

        private func count(_ ids: [String: Int]) -> String {
            let count = ids.values.reduce(0, +)
            return count == 1 ? "1 letter" : "\(count) letters"
        }

        /// Shows what is selected.
        ///
        /// - Returns: how many letters have each id.
        func show(_ letters: DeadLetterQueue, _ console: Console) async throws -> [String: Int] {
            var table = DeadLetterTable()
            var ids: [String: Int] = [:]
            try await letters.review(console) { batch in
                for letter in batch where selection.matches(letter.record) {
                    table.append(letter.record)
                    ids[letter.record.printableID, default: 0] += 1
                }
                return true
            }
            // The result of the command are the receipts.
            if !table.isEmpty { for line in table.lines { console.note(line) } }
            return ids
        }

        /// Removes what is selected, and of that, when something was shown, only what was.
        func discard(
            _ letters: DeadLetterQueue, shown: Set<String>?, _ console: Console, _ tally: inout DeadLetterTally
        ) async throws {
            var found: Set<String> = []
            try await letters.read { reader in
                var progress = Progress("discarding", of: reader.total, on: console)
                while case let batch = try await reader.next(), !batch.isEmpty {
                    let selected = batch.filter { letter in
                        selection.matches(letter.record) && (shown?.contains(letter.record.printableID) ?? true)
                    }
                    found.formUnion(selected.map(\.record.printableID))
                    tally.expect(selected.count, ids: [])
                    progress.pause()
                    try tally.add(selected.map { DeadLetterReceipt($0.record, .discarded) })
                    do {
                        try await reader.remove(selected)
                    } catch {
                        try tally.correct(selected.map { DeadLetterReceipt($0.record, .inDoubt) })
                        throw error
                    }
                    progress.update(reader.seen)
                }
                progress.pause()
                reader.noteMissing(console)
            }
            tally.expect(0, ids: selection.missing(from: found))
        }
    }
}
