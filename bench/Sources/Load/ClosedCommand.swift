// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import BenchKit

/// As much as the server takes: each connection sends its next request when it has the answer to the one before.
struct ClosedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "closed",
        abstract: "A closed loop: how many requests a second the server answers.")

    @OptionGroup var source: RequestSource

    @Option(help: "The server's port.")
    var port: Int

    @Option(help: "How many connections to use.")
    var connections = 32

    @Option(help: "How many requests to send.")
    var count = Int.max

    @Option(help: "How long to go on sending, at most.")
    var seconds = 60.0

    func run() throws {
        let client = HTTPClient()
        let server = client.add(port: port, maxConnections: connections)
        let end = ContinuousClock.now + .seconds(seconds)
        var tally = Tally()
        var sent = 0
        func sendNext() {
            guard sent < count, ContinuousClock.now < end else { return }
            client.submit(source.request(sent), to: server, since: .now)
            sent += 1
        }
        for _ in 0..<connections { sendNext() }
        while client.pending > 0, .now < end + .seconds(10) {
            client.wait(until: end + .seconds(10)) { completion in
                tally.count(completion, isRight: source.isRight(completion.status))
                sendNext()
            }
        }
        tally.countUnanswered(client.pending)
        try tally.report().printLine()
    }
}
