// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import CQRS

@Suite("The rate at which events come in")
struct ArrivalRateTests {
    private let start = ContinuousClock.now

    /// The rate after a second of batches.
    private func rate(_ count: Int, every pause: Duration) -> Double {
        var rate = ArrivalRate(now: start)
        var now = start
        while now < start + .seconds(1) {
            now += pause
            rate.note(count, now: now)
        }
        return rate.perSecond
    }

    @Test("is that of small batches and of large ones alike")
    func steady() {
        for (count, pause) in [(1, Duration.milliseconds(2)), (10, .milliseconds(20)), (50, .milliseconds(100))] {
            #expect(abs(rate(count, every: pause) - 500) < 10)
        }
    }

    @Test("is not made high by a few that come together, and forgets in a moment")
    func bursts() {
        var rate = ArrivalRate(now: start)
        rate.note(1, now: start + .milliseconds(500))
        rate.note(10, now: start + .milliseconds(501))
        #expect(rate.perSecond < 150)
        for millisecond in 502...1000 { rate.note(3, now: start + .milliseconds(millisecond)) }
        #expect(rate.perSecond > 2900)
        rate.note(1, now: start + .milliseconds(2000))
        #expect(rate.perSecond < 300)
        // No time at all passes between two.
        rate.note(1, now: start + .milliseconds(2000))
        #expect(rate.perSecond.isFinite)
    }
}
