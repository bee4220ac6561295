// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import BenchKit

/// What the database does when nothing but libmongoc stands between it and the one who asks.
@main
struct RawMongo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "raw-mongo",
        abstract: "Reads or writes users' documents, and counts them.",
        discussion: """
            Each thread has a client of its own and does one thing after the other. Writes are acknowledged by the \
            majority, after the journal, as those of the services. All is in the collection bench_limits.users.
            """)

    enum Operation: String, ExpressibleByArgument, CaseIterable {
        /// One document at a time, by its primary key.
        case find
        /// Bulks of documents with fresh keys, plain inserts.
        case insert
        /// Bulks of documents with fresh keys, as upserts.
        case upsert
    }

    @Argument(help: "What to do: \(Operation.allCases.map(\.rawValue).joined(separator: ", ")).")
    var operation: Operation

    @Option(help: "The database's port on this machine.")
    var port: Int

    @Option(help: "How many threads.")
    var threads = 1

    @Option(help: "For how many seconds.")
    var seconds = 2.0

    @Option(help: "How many documents in a bulk.")
    var batch = 500

    func validate() throws {
        guard (1...64).contains(threads) else { throw ValidationError("--threads must be 1 to 64") }
        guard (1...10_000).contains(batch) else { throw ValidationError("--batch must be 1 to 10000") }
    }

    func run() throws {
        RawClient.initializeLibrary()
        let users = 20_000
        let setup = try RawClient(port: port)
        if operation == .find { try setup.fill(users) } else { setup.drop() }
        let (operation, port, batch) = (operation, port, batch)
        let report = try Workers.run(threads, for: .seconds(seconds)) { worker, isOver in
            let client = try RawClient(port: port)
            var done = 0
            while !isOver() {
                switch operation {
                case .find:
                    try client.find(.random(in: 0..<users))
                    done += 1
                case .insert, .upsert:
                    // Far from every other thread's.
                    let first = worker << 40 + done
                    try client.write(first..<first + batch, upsert: operation == .upsert)
                    done += batch
                }
            }
            return done
        }
        if operation != .find { setup.drop() }
        try report.printLine()
    }
}
