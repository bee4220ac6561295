// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule

/// The deliveries of one connection that the broker waits for an answer to.
///
/// It joins answers into as few frames as possible, and it drops answers to what has been answered: the broker would
/// close the channel over the second one.
struct DeliveryLedger {
    private enum State: Equatable {
        case open
        case decided(Settlement.Outcome)
        case sent
    }

    private var states: Deque<State> = []
    /// The delivery tag of the first state.
    private var firstTag: UInt64 = 1
    /// Decided since the last time, in order of decision.
    private var decided: [UInt64] = []
    /// Whether ``takeSettlements()`` would return something.
    var hasUnsent: Bool { !decided.isEmpty }
    /// How many are neither decided nor sent.
    private(set) var openCount = 0

    /// - Throws: ``AMQPError/Code/protocolViolation``: the broker counts deliveries without gaps.
    mutating func delivered(_ tag: UInt64) throws(AMQPError) {
        guard tag == firstTag + UInt64(states.count) else {
            throw AMQPError(.protocolViolation, "a gap in the delivery tags")
        }
        states.append(.open)
        openCount += 1
    }

    /// Decides about one delivery, or about all up to it that are open. Returns whether that changed anything.
    mutating func settle(_ tag: UInt64, multiple: Bool, _ outcome: Settlement.Outcome) -> Bool {
        guard tag >= firstTag, tag < firstTag + UInt64(states.count) else { return false }
        let last = Int(tag - firstTag)
        var changed = false
        for index in (multiple ? 0 : last)...last where states[index] == .open {
            states[index] = .decided(outcome)
            decided.append(firstTag + UInt64(index))
            openCount -= 1
            changed = true
        }
        return changed
    }

    /// The frames for what was decided since the last call.
    mutating func takeSettlements() -> [Settlement] {
        guard !decided.isEmpty else { return [] }
        var settlements: [Settlement] = []
        // From the front, each run of equal outcomes is one frame with `multiple`.
        var run: (tag: UInt64, count: Int, outcome: Settlement.Outcome)?
        func flush() {
            guard let run else { return }
            settlements.append(Settlement(tag: run.tag, multiple: run.count > 1, outcome: run.outcome))
        }
        front: while let first = states.first {
            switch first {
            case .open:
                break front
            case .sent:
                break
            case .decided(let outcome):
                if let present = run, present.outcome == outcome {
                    run = (firstTag, present.count + 1, outcome)
                } else {
                    flush()
                    run = (firstTag, 1, outcome)
                }
            }
            states.removeFirst()
            firstTag += 1
        }
        flush()
        // Behind the first open one they go one by one.
        for tag in decided where tag >= firstTag {
            let index = Int(tag - firstTag)
            guard case .decided(let outcome) = states[index] else { continue }
            states[index] = .sent
            settlements.append(Settlement(tag: tag, multiple: false, outcome: outcome))
        }
        decided.removeAll(keepingCapacity: true)
        return settlements
    }
}
