// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule

/// The deliveries of one connection that the broker waits for an answer to.
///
/// It joins answers into as few frames as possible, and it drops answers to what has been answered: the broker would
/// close the channel over the second one. What the broker was told is forgotten, so there are never more deliveries here
/// than the prefetch count, however long one of them goes without an answer.
struct DeliveryLedger {
    private struct Entry {
        let tag: UInt64
        /// `nil` for one without an answer.
        var outcome: Settlement.Outcome?
    }

    /// In order of their tags.
    private var entries: Deque<Entry> = []
    private var lastTag: UInt64 = 0
    private var decidedCount = 0

    /// How many deliveries are kept here.
    var count: Int { entries.count }
    /// Whether ``takeSettlements()`` would return something.
    var hasUnsent: Bool { decidedCount > 0 }
    /// How many are neither decided nor sent.
    var openCount: Int { entries.count - decidedCount }

    /// - Throws: ``AMQPError/Code/protocolViolation``: the broker counts deliveries without gaps.
    mutating func delivered(_ tag: UInt64) throws(AMQPError) {
        guard tag == lastTag + 1 else { throw AMQPError(.protocolViolation, "a gap in the delivery tags") }
        lastTag = tag
        entries.append(Entry(tag: tag, outcome: nil))
    }

    /// Decides about one delivery, or about all up to it that are open. Returns whether that changed anything.
    mutating func settle(_ tag: UInt64, multiple: Bool, _ outcome: Settlement.Outcome) -> Bool {
        guard tag <= lastTag else { return false }
        // Where the tag is, or would be.
        let end = entries.firstIndex(from: tag) { $0.tag }
        let isHere = end < entries.count && entries[end].tag == tag
        let indices = (multiple ? 0 : end)..<(isHere ? end + 1 : end)
        var changed = false
        for index in indices where entries[index].outcome == nil {
            entries[index].outcome = outcome
            decidedCount += 1
            changed = true
        }
        return changed
    }

    /// The frames for what was decided since the last call.
    mutating func takeSettlements() -> [Settlement] {
        guard decidedCount > 0 else { return [] }
        var settlements: [Settlement] = []
        // From the front, each run of equal outcomes is one frame with `multiple`.
        var run: (tag: UInt64, count: Int, outcome: Settlement.Outcome)?
        func flush() {
            guard let run else { return }
            settlements.append(Settlement(tag: run.tag, multiple: run.count > 1, outcome: run.outcome))
        }
        while let first = entries.first, let outcome = first.outcome {
            if let present = run, present.outcome == outcome {
                run = (first.tag, present.count + 1, outcome)
            } else {
                flush()
                run = (first.tag, 1, outcome)
            }
            entries.removeFirst()
            decidedCount -= 1
        }
        flush()
        guard decidedCount > 0 else { return settlements }
        // Behind the first open one they go one by one.
        entries.removeAll { entry in
            guard let outcome = entry.outcome else { return false }
            settlements.append(Settlement(tag: entry.tag, multiple: false, outcome: outcome))
            return true
        }
        decidedCount = 0
        return settlements
    }
}
