// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How many events come in a second, over about the last tenth of a second. A value that decides.
struct ArrivalRate {
    /// How long what came counts for.
    private static let memory = 0.1

    private var last: ContinuousClock.Instant
    private(set) var perSecond = 0.0

    init(now: ContinuousClock.Instant) { last = now }

    /// Takes in what has come since the last time.
    mutating func note(_ count: Int, now: ContinuousClock.Instant) {
        let elapsed = max((now - last) / .seconds(1), 1e-6)
        let weight = elapsed / (elapsed + Self.memory)
        perSecond += (Double(count) / elapsed - perSecond) * weight
        last = now
    }
}
