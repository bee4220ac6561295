// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import DequeModule
internal import MongoDB

/// Appends that wait for a bulk, and what becomes of each. A value that decides; ``GroupCommit`` acts.
struct CommitQueue<Waiter> {
    typealias Instant = ContinuousClock.Instant

    /// An append and who waits for it.
    struct Entry {
        let append: EventAppend
        let document: BSONDocument
        let deadline: Instant
        let waiter: Waiter
        /// Whether an earlier attempt may have succeeded.
        var isDoubtful = false
    }

    /// What to tell somebody who waits.
    struct Resolution {
        let waiter: Waiter
        let result: Result<AppendOutcome, any Error>
    }

    private let limit: Int
    private var pending: Deque<Entry> = []
    private var underWay = 0
    private(set) var isClosed = false

    /// - Parameter limit: how many appends may wait or be under way.
    init(limit: Int) { self.limit = limit }

    /// Whether there is a batch to take.
    var hasPending: Bool { !pending.isEmpty }

    /// Whether nothing is left to do, for ever.
    var isFinished: Bool { isClosed && pending.isEmpty && underWay == 0 }

    /// Takes an append in. - Returns: `false` when it cannot.
    mutating func add(_ entry: Entry) -> Bool {
        guard !isClosed, pending.count + underWay < limit else { return false }
        pending.append(entry)
        return true
    }

    /// Accepts nothing more.
    mutating func close() { isClosed = true }

    /// The next bulk, without those whose time is over.
    mutating func take(maximum: Int, now: Instant) -> (batch: [Entry], expired: [Resolution]) {
        var batch: [Entry] = []
        var expired: [Resolution] = []
        while batch.count < maximum, let entry = pending.popFirst() {
            if entry.deadline > now { batch.append(entry) } else { expired.append(Self.expire(entry)) }
        }
        underWay += batch.count
        return (batch, expired)
    }

    /// A bulk has ended; these have to be tried again, before all others.
    mutating func finish(_ count: Int, again entries: [Entry], now: Instant) -> [Resolution] {
        underWay -= count
        var expired: [Resolution] = []
        for entry in entries.reversed() {
            if entry.deadline > now { pending.prepend(entry) } else { expired.append(Self.expire(entry)) }
        }
        return expired
    }

    /// Gives up everything that waits.
    mutating func drain() -> [Resolution] {
        isClosed = true
        defer { pending = [] }
        return pending.map(Self.expire)
    }

    /// What is not known after its time is unknown; what was never sent was never appended.
    private static func expire(_ entry: Entry) -> Resolution {
        Resolution(
            waiter: entry.waiter,
            result: .failure(entry.isDoubtful ? AppendOutcomeUnknown() : MongoError(.timedOut)))
    }
}

extension CommitQueue.Entry: Sendable where Waiter: Sendable {}
extension CommitQueue.Resolution: Sendable where Waiter: Sendable {}
