// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import BenchKit

/// What the broker confirms when nothing but librabbitmq stands between it and the one who publishes.
@main
struct RawConfirms: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "raw-confirms",
        abstract: "Publishes to a quorum queue and counts the confirms.",
        discussion: """
            One connection and one thread, with so many messages unconfirmed at once. Messages are persistent, and as long \
            as an event's with its headers. Queue and exchange, both bench.raw-confirms, are removed in the end.
            """)

    @Option(help: "The broker's port on this machine; guest logs in.")
    var port: Int

    @Option(help: "Most messages unconfirmed at once.")
    var window = 64

    @Option(help: "How long to publish.")
    var seconds = 2.0

    @Option(help: "The bytes of a message's body.")
    var size = 600

    func validate() throws {
        guard (1...65536).contains(window) else { throw ValidationError("--window must be 1 to 65536") }
        guard (0...100_000).contains(size) else { throw ValidationError("--size must be 0 to 100000") }
    }

    func run() throws {
        let channel = try RawChannel(port: port, name: "bench.raw-confirms")
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: size)
        var sent: UInt64 = 0
        var confirms = ConfirmLedger(window: window)
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        while .now < end {
            while sent - confirms.confirmed < UInt64(window) {
                try channel.publish(body)
                sent += 1
            }
            confirms.confirm(try channel.nextConfirm())
        }
        while confirms.confirmed < sent { confirms.confirm(try channel.nextConfirm()) }
        let report = RateReport(operations: Int(sent), in: .now - start)
        try channel.cleanUp()
        try report.printLine()
    }
}
