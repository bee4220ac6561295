// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Pairs that have been compared, so that none is twice.
struct ComparedPairs {
    private struct Pair: Hashable {
        let first: Int
        let second: Int
    }

    /// Whether only what mutually exclusive fields must share was compared.
    private var pairs: [Pair: Bool] = [:]

    /// Notes that a pair is compared; returns `false` if it was already, as strictly.
    mutating func insert(_ first: Int, _ second: Int, exclusive: Bool) -> Bool {
        let pair = Pair(first: first, second: second)
        if let known = pairs[pair], exclusive || !known { return false }
        pairs[pair] = exclusive
        return true
    }
}
