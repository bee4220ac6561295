// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import Foundation

/// What `scripts/bench` starts when servers run and everything is built.
@main
struct BenchRun: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench-run",
        abstract: "Measures the project and its limits in turn; scripts/bench calls it.")

    @OptionGroup var place: PlaceOptions

    @Flag(help: "Less of everything.")
    var quick = false

    @Option(help: "How many rounds, at least 3 to be believed.")
    var rounds: Int?

    @Option(
        help: ArgumentHelp("How many users to begin with; of several, one run after the other.", valueName: "number,…"))
    var users: NumberList?

    @Option(
        help: ArgumentHelp(
            """
            Only these: \(Subject.usual.map(\.name).joined(separator: ", ")), which are all when none is named; \
            \(Subject.named.map(\.name).joined(separator: ", ")).
            """, valueName: "subject,…"))
    var only: NameList?

    @Option(help: "Where to write all there is as JSON.")
    var json: String?

    func validate() throws {
        if let rounds, rounds < 1 { throw ValidationError("--rounds must be at least 1") }
        if let least = users?.numbers.min(), least < 1000 { throw ValidationError("--users must be at least 1000") }
        if let unknown = only?.names.first(where: { name in !Subject.all.contains { $0.name == name } }) {
            throw ValidationError("there is no subject '\(unknown)'")
        }
    }

    func run() throws {
        let startedAt = Date.now
        let start = ContinuousClock.now
        var settings = quick ? Settings.quick : Settings.full
        if let rounds { settings.rounds = rounds }
        if let users { settings.users = users.numbers }
        let subjects = only.map { only in Subject.all.filter { only.names.contains($0.name) } } ?? Subject.usual
        let runner = Runner(try place.read(), settings, subjects)

        var runs: [Document.Run] = []
        for users in settings.users {
            let results = runner.run(users: users)
            let run = Document.Run(
                users: users, summaries: results.summaries(runner.order), turns: results.turns,
                failures: results.failures)
            runs.append(run)
            run.print()
        }
        if let json {
            try Document(
                command: place.command, startedAt: startedAt.formatted(.iso8601),
                seconds: (ContinuousClock.now - start) / .seconds(1), machine: Machine(), versions: place.versions,
                settings: settings, runs: runs
            ).write(to: json)
        }
        if runs.contains(where: { !$0.failures.isEmpty }) { throw ExitCode.failure }
    }
}

extension Document.Run {
    /// Prints the table, and what there is to say about it.
    func print() {
        Swift.print("\nWith \(users) users to begin with, median of the rounds:\n")
        for line in Table(summaries).lines { Swift.print(line) }
        let disturbed = turns.compactMap { turn in
            turn.disturbance.reason.map { "round \(turn.round), \(turn.subject): \($0)" }
        }
        if !disturbed.isEmpty {
            Swift.print("\nDisturbed, and left out where there are other rounds (* where not):\n")
            for line in disturbed { Swift.print("- \(line)") }
        }
        if !failures.isEmpty {
            Swift.print("\nFailed:\n")
            for line in failures { Swift.print("- \(line)") }
        }
    }
}
