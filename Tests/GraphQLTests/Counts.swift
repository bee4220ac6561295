// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization

/// Counts look-ups, and lets resolvers wait for each other.
final class Counts: Sendable {
    private struct State {
        var sizes: [String: [Int]] = [:]
        var arrived: Set<Int> = []
        var order: [Int] = []
        var running = 0
        var mostRunning = 0
    }

    private let state = Mutex(State())

    func add(_ size: Int, to name: String) { state.withLock { $0.sizes[name, default: []].append(size) } }

    /// How many requests each look-up had.
    func sizes(_ name: String) -> [Int] { state.withLock { $0.sizes[name] ?? [] } }

    /// Returns once the one before has arrived: ends only if both run at the same time, whichever was started first.
    func meet(_ number: Int) async throws -> Int {
        state.withLock { _ = $0.arrived.insert(number) }
        while state.withLock({ !$0.arrived.contains(number + 1) && !$0.arrived.contains(0) }) {
            try Task.checkCancellation()
            await Task.yield()
        }
        return number
    }

    /// Notes a number, and whether others were being noted.
    func append(_ number: Int) async -> Int {
        state.withLock {
            $0.running += 1
            $0.mostRunning = max($0.mostRunning, $0.running)
        }
        for _ in 0..<10 { await Task.yield() }
        return state.withLock {
            $0.running -= 1
            $0.order.append(number)
            return number
        }
    }

    var order: [Int] { state.withLock { $0.order } }
    var mostRunning: Int { state.withLock { $0.mostRunning } }
}
