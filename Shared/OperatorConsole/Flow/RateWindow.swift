// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How fast a number changes, over the last few looks at it.
struct RateWindow: Sendable {
    private static let length = 5
    private var looks: [(time: ContinuousClock.Instant, value: Double)] = []

    /// Takes in a look.
    mutating func note(_ value: Double, at time: ContinuousClock.Instant) {
        looks.append((time, value))
        if looks.count > Self.length + 1 { looks.removeFirst() }
    }

    /// How much it grows a second; 0 as long as nobody can tell.
    var perSecond: Double {
        guard let first = looks.first, let last = looks.last, first.time < last.time else { return 0 }
        return (last.value - first.value) / ((last.time - first.time) / .seconds(1))
    }

    /// How much it has grown within the window.
    var growth: Double {
        guard let first = looks.first, let last = looks.last else { return 0 }
        return last.value - first.value
    }
}
