// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import BenchKit

/// Sends commands at a given rate, and follows each until a query shows what it did.
struct VisibleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "visible",
        abstract: "How long it takes from the answer to a command until a query shows what it did.",
        discussion: """
            As soon as a POST is answered with 202, its version is asked for with minVersion: that waits in the query API \
            until the read model has it. Asking again and again instead would be a load of its own.
            """)

    @OptionGroup var source: RequestSource
    @OptionGroup var arrivals: Arrivals

    @Option(help: "The command API's port.")
    var port: Int

    @Option(help: "The query API's port.")
    var queryPort: Int

    @Option(help: "How many connections to use at most, for commands and again for queries.")
    var connections = 256

    func validate() throws {
        guard source.kind.isCommand else { throw ValidationError("only what a command did can become visible") }
    }

    func run() throws {
        let client = HTTPClient()
        let commands = client.add(port: port, maxConnections: connections)
        let queries = client.add(port: queryPort, maxConnections: connections)
        var tally = Tally()
        var visible = Latencies()
        var lost = 0
        /// What shows each command that is not visible yet.
        var unseen: [Int: [UInt8]] = [:]

        // Queries have negative tags.
        func handle(_ completion: HTTPClient.Completion) {
            let isCommand = completion.tag >= 0
            let number = isCommand ? completion.tag : -1 - completion.tag
            if isCommand { tally.count(completion, isRight: completion.status == 202) }
            switch (isCommand, completion.status) {
            case (true, 202):
                unseen[number] = completion.member("version").map { source.query(number, minVersion: $0) }
                ask(number, since: completion.at)
            case (true, _): break
            case (false, 200):
                unseen[number] = nil
                visible.record(completion.at - completion.since)
            case (false, 503) where completion.at - completion.since < .seconds(30):
                ask(number, since: completion.since)
            case (false, _): lost += 1
            }
        }
        func ask(_ number: Int, since accepted: ContinuousClock.Instant) {
            guard let query = unseen[number] else {
                lost += 1
                return
            }
            client.submit(query, to: queries, since: accepted, tag: -1 - number)
        }

        arrivals.run { number, due in
            client.submit(source.request(number), to: commands, since: due, tag: number)
        } wait: {
            client.wait(until: $0, handle)
        }
        let patience = ContinuousClock.now + .seconds(30)
        while client.pending > 0, .now < patience { client.wait(until: patience, handle) }
        tally.countUnanswered(client.pending + lost)
        try tally.report(visible: visible).printLine()
    }
}
