// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import Essentials

@Suite("A SIEVE cache")
struct SieveCacheTests {
    /// Stores each at a cost of 1.
    private func fill(_ cache: inout SieveCache<String>, _ keys: String...) -> [String] {
        keys.flatMap { cache.store($0, for: $0, cost: 1) }
    }

    @Test("evicts the oldest that was not asked for, and goes on from there")
    func sieve() {
        var cache = SieveCache<String>(capacity: 3)
        #expect(fill(&cache, "a", "b", "c").isEmpty)
        #expect(cache.hit("a") == "a")
        // `a` loses its mark and stays; the hand then stands before `c`.
        #expect(fill(&cache, "d") == ["b"])
        #expect(fill(&cache, "e") == ["c"])
        #expect(fill(&cache, "f") == ["d"])
        #expect(cache.peek("a") == "a")
        #expect(cache.count == 3)
    }

    @Test("evicts the oldest when all were asked for, but never what has just come")
    func allMarked() {
        var cache = SieveCache<String>(capacity: 3)
        _ = fill(&cache, "a", "b", "c")
        for key in ["a", "b", "c"] { _ = cache.hit(key) }
        #expect(fill(&cache, "d") == ["a"])
        #expect(fill(&cache, "e") == ["b"])
        #expect(cache.store("large", for: "c", cost: 3).sorted() == ["d", "e"])
        #expect(cache.peek("c") == "large")
    }

    @Test("does not give up what is asked for to a scan")
    func scan() {
        var cache = SieveCache<String>(capacity: 10)
        for index in 0..<5 { _ = fill(&cache, "hot\(index)") }
        for index in 0..<1000 {
            for hot in 0..<5 { _ = cache.hit("hot\(hot)") }
            _ = fill(&cache, "scan\(index)")
        }
        for index in 0..<5 { #expect(cache.peek("hot\(index)") != nil) }
    }

    @Test("never costs more than its capacity, whatever is stored, replaced and removed")
    func bound() {
        var cache = SieveCache<Int>(capacity: 1000)
        var costs: [String: Int] = [:]
        var generator = SystemRandomNumberGenerator()
        for step in 0..<20_000 {
            let key = "\(Int.random(in: 0..<200, using: &generator))"
            switch Int.random(in: 0..<10, using: &generator) {
            case 0: if cache.remove(key) != nil { costs[key] = nil }
            case 1...3: _ = cache.hit(key)
            default:
                let cost = Int.random(in: 1...60, using: &generator)
                _ = cache.store(step, for: key, cost: cost)
                costs[key] = cost
            }
            costs = costs.filter { cache.peek($0.key) != nil }
            #expect(cache.cost <= 1000)
            #expect(cache.cost == costs.values.reduce(0, +))
            #expect(cache.count == costs.count)
        }
    }

    @Test("does not keep what is larger than all its room, nor what that would have replaced")
    func tooLarge() {
        var cache = SieveCache<String>(capacity: 3)
        _ = fill(&cache, "a", "b")
        #expect(cache.store("huge", for: "a", cost: 4).isEmpty)
        #expect(cache.peek("a") == nil)
        #expect(cache.peek("b") == "b")
        var none = SieveCache<String>(capacity: 0)
        #expect(fill(&none, "a").isEmpty)
        #expect(none.count == 0)
    }

    @Test("tells keys apart that are equivalent to Swift and different to a database")
    func exactKeys() {
        var cache = SieveCache<String>(capacity: 3)
        #expect(fill(&cache, "a`b").isEmpty)
        #expect(cache.hit("a\u{1FEF}b") == nil)
        #expect(cache.hit("a`b") == "a`b")
    }
}
