// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import BenchKit

/// Requests that come when they come: a late answer counts from when its request was due, so that a server that stands
/// still has all the latencies of those who would have come meanwhile.
struct OpenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "An open loop: how long answers take at a given rate of requests.")

    @OptionGroup var source: RequestSource
    @OptionGroup var arrivals: Arrivals

    @Option(help: "The server's port.")
    var port: Int

    @Option(help: "How many connections to use at most. Requests for which there is none wait, and that counts.")
    var connections = 64

    func run() throws {
        let client = HTTPClient()
        let server = client.add(port: port, maxConnections: connections)
        var tally = Tally()
        func count(_ completion: HTTPClient.Completion) {
            tally.count(completion, isRight: source.isRight(completion.status))
        }
        arrivals.run { number, due in
            client.submit(source.request(number), to: server, since: due)
        } wait: {
            client.wait(until: $0, count)
        }
        let patience = ContinuousClock.now + .seconds(10)
        while client.pending > 0, .now < patience { client.wait(until: patience, count) }
        tally.countUnanswered(client.pending)
        try tally.report().printLine()
    }
}
