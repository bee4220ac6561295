// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import BenchKit

/// Registers users at a given rate, and follows each until a query shows it.
struct VisibleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "visible",
        abstract: "How long it takes from the answer to a command until a query shows what it did.",
        discussion: """
            As soon as a POST is answered with 202, the user is asked for with minVersion=1: that waits in the query API \
            until the read model has the user. Asking again and again instead would be a load of its own.
            """)

    @OptionGroup var arrivals: Arrivals

    @Option(help: "What the addresses of the users begin with.")
    var prefix: String

    @Option(help: "The command API's port.")
    var port: Int

    @Option(help: "The query API's port.")
    var queryPort: Int

    @Option(help: "How many connections to use at most, for commands and again for queries.")
    var connections = 256

    func run() throws {
        let client = HTTPClient()
        let commands = client.add(port: port, maxConnections: connections)
        let queries = client.add(port: queryPort, maxConnections: connections)
        var tally = Tally()
        var visible = Latencies()
        var lost = 0

        // Queries have negative tags.
        func handle(_ completion: HTTPClient.Completion) {
            let isCommand = completion.tag >= 0
            let number = isCommand ? completion.tag : -1 - completion.tag
            if isCommand { tally.count(completion, isRight: completion.status == 202) }
            switch (isCommand, completion.status) {
            case (true, 202): ask(number, since: completion.at)
            case (true, _): break
            case (false, 200): visible.record(completion.at - completion.since)
            case (false, 503) where completion.at - completion.since < .seconds(30):
                ask(number, since: completion.since)
            case (false, _): lost += 1
            }
        }
        func ask(_ number: Int, since accepted: ContinuousClock.Instant) {
            client.submit(
                HTTPRequest.get(BenchUser(prefix, number), minVersion: 1), to: queries, since: accepted,
                tag: -1 - number)
        }

        arrivals.run { number, due in
            client.submit(HTTPRequest.post(BenchUser(prefix, number)), to: commands, since: due, tag: number)
        } wait: {
            client.wait(until: $0, handle)
        }
        let patience = ContinuousClock.now + .seconds(30)
        while client.pending > 0, .now < patience { client.wait(until: patience, handle) }
        tally.countUnanswered(client.pending + lost)
        try tally.report(visible: visible).printLine()
    }
}
