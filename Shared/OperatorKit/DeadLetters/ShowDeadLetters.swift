// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import ArgumentParser
internal import CQRSAMQP
internal import Essentials

extension DeadLettersCommand {
    /// `dead-letters show`: everything about single letters.
    struct Show: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract: "Show everything about single letters, with their content.",
                discussion: """
                    The content of a message is personal data. Nothing is taken off the queue.

                      consumer dead-letters show 0193c8a5-7b1e-7cc3-98c4-dc0c0c07398f
                      consumer dead-letters show 0193c8a5-7b1e-7cc3-98c4-dc0c0c07398f --json | jq .body
                    """)
        }

        @OptionGroup private var options: DeadLetterOptions<Owner>

        @Argument(help: ArgumentHelp("The ids of letters.", valueName: "id"))
        private var ids: [String]

        @Flag(help: "Print JSON, one object a line.")
        private var json = false

        func run() async throws {
            try await options.run { try await execute($0, .standard) }
        }

        func execute(_ broker: AMQPConfiguration, _ console: Console) async throws -> Int32 {
            var found: [DeadLetterRecord] = []
            try await options.withLetters(broker) { letters in
                try await letters.review(console) { batch in
                    found += batch.map(\.record).filter { ids.contains($0.printableID) }
                    return true
                }
            }
            for (index, letter) in found.enumerated() {
                if json {
                    try console.print(letter.wholeJSON.line)
                } else {
                    let lines = DeadLetterDetails(letter: letter).lines
                    for line in (index == 0 ? [] : [""]) + lines { try console.print(line) }
                }
            }
            let missing = ids.filter { id in !found.contains { $0.printableID == id } }
            for id in missing { console.note("no letter in \(options.queue) has the id \(Printable.text(id))") }
            return missing.isEmpty ? 0 : 1
        }
    }
}
