// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A fixed piece of work on one core, some ten milliseconds: what else the machine does shows in how long it takes.
enum ControlWork {
    /// How long it takes now, in seconds.
    static func measure() -> Double {
        let start = ContinuousClock.now
        let value = work()
        let time = (ContinuousClock.now - start) / .seconds(1)
        // Never so; but the optimiser must not know.
        return value == 0 ? .infinity : time
    }

    @inline(never)
    private static func work() -> UInt64 {
        // xorshift: each step needs the one before.
        var value: UInt64 = 88_172_645_463_325_252
        for _ in 0..<10_000_000 {
            value ^= value << 13
            value ^= value >> 7
            value ^= value << 17
        }
        return value
    }
}
