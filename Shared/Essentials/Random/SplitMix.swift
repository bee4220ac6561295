// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A generator of numbers that are different and nothing more: SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, "Fast
/// splittable pseudorandom number generators", OOPSLA 2014). The system's takes a call of the kernel for each number.
package struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    /// Begins with any number: the same one makes the same numbers.
    package init(seed: UInt64) { state = seed }

    /// The next number.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
