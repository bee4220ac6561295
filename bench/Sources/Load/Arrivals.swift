// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import Glibc

/// When requests are due, whatever the server does meanwhile.
struct Arrivals: ParsableArguments {
    @Option(help: "How many requests are due in a second, on average.")
    var rate: Double

    @Option(help: "For how many seconds.")
    var seconds = 10.0

    @Flag(help: "All at the same distance, instead of as independent users come (a Poisson process).")
    var evenly = false

    func validate() throws {
        guard rate > 0, seconds > 0 else { throw ValidationError("--rate and --seconds must be above 0") }
    }

    /// Calls a function for each request when it is due or as soon after as it can be, and another one to pass the time
    /// until the next is.
    ///
    /// - Parameters:
    ///   - send: gets the request's number, from 0, and when it was due.
    ///   - wait: returns at that time at the latest.
    func run(
        send: (Int, ContinuousClock.Instant) -> Void, wait: (ContinuousClock.Instant) -> Void
    ) {
        let end = ContinuousClock.now + .seconds(seconds)
        var due = ContinuousClock.now
        var number = 0
        while due < end {
            while .now < due { wait(due) }
            send(number, due)
            number += 1
            due += distance
        }
    }

    private var distance: Duration {
        .seconds(evenly ? 1 / rate : -log(.random(in: Double.leastNonzeroMagnitude..<1)) / rate)
    }
}
