// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import ArgumentParser
internal import CQRSAMQP
internal import Essentials

extension DeadLettersCommand {
    /// `dead-letters list`: one line a letter.
    struct List: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract: "List what was put aside.",
                discussion: """
                    In the order of the queue. Nothing is taken off it and nothing of a message's content is shown.

                      consumer dead-letters list
                      consumer dead-letters list --reason invalid-data --reason unknown-type --limit 20
                      consumer dead-letters list --stream user-0193c8a5-7b1e-7cc3-98c4-dc0c0c07398f
                      consumer dead-letters list --json | jq -r .stream | sort | uniq -c
                    """)
        }

        @OptionGroup private var options: DeadLetterOptions<Owner>
        @OptionGroup private var filter: DeadLetterFilter

        @Option(help: ArgumentHelp("The most letters to list.", valueName: "number"))
        private var limit: Int?

        @Flag(help: "Print JSON, one object a line.")
        private var json = false

        func validate() throws {
            if let limit, limit < 1 { throw ValidationError("--limit takes a number from 1 on") }
        }

        func run() async throws {
            try await options.run { try await execute($0, .standard) }
        }

        func execute(_ broker: AMQPConfiguration, _ console: Console) async throws -> Int32 {
            var table = DeadLetterTable()
            var listed = 0
            try await options.withLetters(broker) { letters in
                try await letters.review(console) { batch in
                    for letter in batch where filter.matches(letter.record) {
                        if let limit, listed == limit { return false }
                        listed += 1
                        if json { try console.print(letter.record.json.line) } else { table.append(letter.record) }
                    }
                    return true
                }
            }
            if !json, !table.isEmpty { for line in table.lines { try console.print(line) } }
            if limit == listed {
                console.note("the first \(listed); there may be more")
            } else {
                console.note(listed == 1 ? "1 letter" : "\(listed) letters")
            }
            for (name, count) in try await options.lettersOfOthers(broker) {
                console.note("\(count) of \(name): --read-model \(name)")
            }
            return 0
        }
    }
}
