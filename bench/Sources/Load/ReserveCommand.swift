// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import BenchKit

/// As much as the server takes of reservations: each connection reserves, and ends what it reserved before it goes on.
struct ReserveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reserve",
        abstract: "A closed loop of reservations: who makes one releases or confirms it, one as often as the other.")

    @Option(help: "What the SKUs of the items begin with.")
    var prefix: String

    @Option(help: "How many items there are to reserve at random.")
    var items: Int

    @Option(help: "The server's port.")
    var port: Int

    @Option(help: "How many connections to use.")
    var connections = 32

    @Option(help: "How long to go on reserving.")
    var seconds = 10.0

    func validate() throws {
        guard items >= 1 else { throw ValidationError("--items must be at least 1") }
    }

    func run() throws {
        let client = HTTPClient()
        let server = client.add(port: port, maxConnections: connections)
        let end = ContinuousClock.now + .seconds(seconds)
        var tally = Tally()
        var ended = 0

        // What ends a reservation has a negative tag.
        func reserve() {
            guard ContinuousClock.now < end else { return }
            let item = Int.random(in: 0..<items)
            send("reserve", BenchItem.reservation, to: item, tag: item)
        }
        func finish(_ reservation: String, of item: Int) {
            ended += 1
            let isReleased = ended.isMultiple(of: 2)
            send(isReleased ? "release" : "confirm", #"{"reservationId":"\#(reservation)"}"#, to: item, tag: -1 - item)
        }
        func send(_ command: String, _ json: String, to item: Int, tag: Int) {
            let request = HTTPRequest.post("\(BenchItem(prefix, item).path)/\(command)", json)
            client.submit(request, to: server, since: .now, tag: tag)
        }

        for _ in 0..<connections { reserve() }
        while client.pending > 0, .now < end + .seconds(10) {
            client.wait(until: end + .seconds(10)) { completion in
                let isReservation = completion.tag >= 0
                // Only who reserves can come too late: what is reserved can be ended.
                tally.count(
                    completion, isRight: completion.status == 202,
                    isRefused: isReservation && completion.status == 409)
                if isReservation, let reservation = completion.member("reservationId") {
                    finish(reservation, of: completion.tag)
                } else {
                    reserve()
                }
            }
        }
        tally.countUnanswered(client.pending)
        try tally.report().printLine()
    }
}
