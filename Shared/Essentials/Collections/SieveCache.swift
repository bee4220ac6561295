// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A bounded store that evicts by SIEVE: Y. Zhang et al., "SIEVE is Simpler than LRU: an Efficient Turn-Key Eviction
/// Algorithm for Web Caches", NSDI 2024.
///
/// New values enter a queue at its head. A hit only marks its value, so that it costs no reordering. When room is needed a
/// hand moves from the tail towards the head, takes the marks off, and evicts the first value without one; it goes on
/// from there the next time. What was asked for once, as in a scan, leaves before what is asked for again.
package struct SieveCache<Value: Sendable>: Sendable {
    private struct Node: Sendable {
        var key: String
        /// `nil` while the place is free.
        var value: Value?
        var cost: Int
        var isMarked = false
        /// Towards the head.
        var newer: Int?
        /// Towards the tail.
        var older: Int?
    }

    /// The most that all values together may cost.
    package let capacity: Int
    /// What all values together cost.
    package private(set) var cost = 0
    private var places: [ExactText: Int] = [:]
    private var nodes: [Node] = []
    private var free: [Int] = []
    private var head: Int?
    private var tail: Int?
    private var hand: Int?

    /// - Parameter capacity: at least 0; 0 keeps nothing.
    package init(capacity: Int) {
        precondition(capacity >= 0)
        self.capacity = capacity
    }

    /// How many values there are.
    package var count: Int { places.count }

    /// Whether there is a value.
    package func holds(_ key: String) -> Bool { places[ExactText(key)] != nil }

    /// The value, without marking it.
    package func peek(_ key: String) -> Value? { places[ExactText(key)].flatMap { nodes[$0].value } }

    /// The value, marked as asked for.
    package mutating func hit(_ key: String) -> Value? {
        guard let place = places[ExactText(key)] else { return nil }
        nodes[place].isMarked = true
        return nodes[place].value
    }

    /// Stores a value in the place of one that may be there, whose mark it keeps.
    ///
    /// - Parameter cost: a value that costs more than the capacity is not stored, and the one before it leaves.
    /// - Returns: what was evicted, the value before it not included.
    package mutating func store(_ value: Value, for key: String, cost newCost: Int) -> [Value] {
        guard newCost <= capacity else {
            remove(key)
            return []
        }
        if let place = places[ExactText(key)] {
            cost += newCost - nodes[place].cost
            nodes[place].value = value
            nodes[place].cost = newCost
            return evict(sparing: place)
        }
        let place = free.popLast() ?? nodes.count
        let node = Node(key: key, value: value, cost: newCost, older: head)
        if place == nodes.count { nodes.append(node) } else { nodes[place] = node }
        if let head { nodes[head].newer = place } else { tail = place }
        head = place
        places[ExactText(key)] = place
        cost += newCost
        return evict(sparing: place)
    }

    /// Puts a value of the same cost in the place of one that is there.
    package mutating func update(_ value: Value, for key: String) {
        guard let place = places[ExactText(key)] else { return }
        nodes[place].value = value
    }

    /// Takes a value out.
    @discardableResult
    package mutating func remove(_ key: String) -> Value? { places[ExactText(key)].flatMap { take($0) } }

    /// Forgets everything.
    package mutating func removeAll() { self = SieveCache(capacity: capacity) }

    private mutating func evict(sparing spared: Int) -> [Value] {
        var evicted: [Value] = []
        while cost > capacity {
            // The newcomer alone fits, so that there is somebody else.
            guard let place = hand ?? tail else { break }
            if nodes[place].isMarked || place == spared {
                nodes[place].isMarked = nodes[place].isMarked && place == spared
                hand = nodes[place].newer
            } else if let value = take(place) {
                evicted.append(value)
            }
        }
        return evicted
    }

    private mutating func take(_ place: Int) -> Value? {
        let node = nodes[place]
        if hand == place { hand = node.newer }
        if let newer = node.newer { nodes[newer].older = node.older } else { head = node.older }
        if let older = node.older { nodes[older].newer = node.newer } else { tail = node.newer }
        places[ExactText(node.key)] = nil
        cost -= node.cost
        nodes[place] = Node(key: "", value: nil, cost: 0)
        free.append(place)
        return node.value
    }
}
