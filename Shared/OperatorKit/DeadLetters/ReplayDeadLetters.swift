// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import ArgumentParser
internal import CQRSAMQP
internal import Essentials
internal import Logging
internal import OTLPTracing
internal import Tracing

extension DeadLettersCommand {
    /// `dead-letters replay`: sends letters back to the queue they came from.
    struct Replay: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract: "Send letters back to the queue they came from.",
                discussion: """
                    Each is published as the message that it was, and removed once the broker has confirmed it. Letters of one \
                    stream go in the order of their versions. A letter that is replayed twice does no harm. While a read model \
                    has several generations, it goes to the queues of all. A letter whose receipt cannot be written stays (status 74). \
                    Exit status 1 if any failed.

                      consumer dead-letters replay 0193c8a5-7b1e-7cc3-98c4-dc0c0c07398f
                      consumer dead-letters replay --reason not-applicable
                      consumer dead-letters replay --stream user-0193c8a5-7b1e-7cc3-98c4-dc0c0c07398f
                      consumer dead-letters replay --all --json >receipts.ndjson
                    """)
        }

        /// The most bytes of content that are held at once.
        static var heldLimit: Int { 256 << 20 }

        @OptionGroup private var options: DeadLetterOptions<Owner>
        @OptionGroup private var selection: DeadLetterSelection

        @Option(name: .customLong("to"), help: ArgumentHelp("Send all to this queue instead.", valueName: "queue"))
        private var target: String?

        @Flag(help: "Print receipts as JSON, one object a line.")
        private var json = false

        func run() async throws {
            try await options.run { broker, system in
                let fed = target == nil ? try await options.fedQueues(system) : []
                // What is lost of a trace is no part of what there is to say of letters.
                let logger = Logger(label: "tracing") { _ in SwiftLogNoOpLogHandler() }
                return try await OTLPTracing.run(system.tracing, logger: logger) { tracer in
                    try await tracer.inNewTrace("replay \(options.queue)") {
                        try await execute(broker, fed: fed, .standard, tracer: tracer)
                    }
                }
            }
        }

        /// - Parameters:
        ///   - fed: the queues that generations are fed from.
        ///   - tracer: traces what is published; `nil` traces nothing.
        func execute(
            _ broker: AMQPConfiguration, fed: [String], _ console: Console, tracer: (any Tracer)? = nil
        ) async throws -> Int32 {
            let target = target.map { DeadLetterReader.Target.queue($0) } ?? .origin(options.origin, fed: fed)
            var tally = DeadLetterTally(json: json, console: console)
            do {
                try await options.withLetters(broker) { letters in
                    let readers = try await letters.state().consumers
                    try await letters.read { reader in
                        let selected = try await select(&reader, readers, console)
                        tally.expect(
                            selected.count, ids: selection.missing(from: Set(selected.map(\.record.printableID))))
                        guard !selected.isEmpty else { return }
                        try await AMQPPublisher.running(broker) { publisher in
                            try await reader.replay(selected, to: target, through: publisher, tracer: tracer) {
                                try tally.add($0)
                            }
                        }
                    }
                }
            } catch {
                tally.finish("replayed")
                throw error
            }
            return tally.finish("replayed")
        }

        private func select(
            _ reader: inout DeadLetterReader, _ readers: Int, _ console: Console
        ) async throws -> [HeldLetter] {
            var selected: [HeldLetter] = []
            var bytes = 0
            try await reader.review(console, readers: readers) { batch in
                for letter in batch where selection.matches(letter.record) {
                    selected.append(letter)
                    bytes += letter.record.body.count
                }
                guard bytes < Self.heldLimit else {
                    console.note("replaying the first \(selected.count) letters; run it again for the rest")
                    return false
                }
                return true
            }
            return selected
        }
    }
}
