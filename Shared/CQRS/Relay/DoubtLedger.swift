// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Since when appends without an answer have been looked for in vain.
struct DoubtLedger {
    private let settleTime: Duration
    private var firstLook: [Int64: ContinuousClock.Instant] = [:]

    /// - Parameter settleTime: how long after the first look a write may still arrive.
    init(settleTime: Duration) { self.settleTime = settleTime }

    /// Whether an append that the store does not have will never arrive.
    mutating func hasSettled(_ number: Int64, now: ContinuousClock.Instant = .now) -> Bool {
        guard let first = firstLook[number] else {
            firstLook[number] = now
            return false
        }
        return now - first >= settleTime
    }

    /// Forgets all others.
    mutating func forget(allBut numbers: Set<Int64>) { firstLook = firstLook.filter { numbers.contains($0.key) } }
}
