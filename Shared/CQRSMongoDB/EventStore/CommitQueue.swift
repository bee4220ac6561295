// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import DequeModule
internal import MongoDB

/// Appends that wait for a bulk, and what becomes of each. A value that decides; ``GroupCommit`` acts.
///
/// What a bulk costs hardly depends on what is in it, so few large ones are better than many small ones. It is Nagle's
/// algorithm (RFC 896) that makes them so: while one is under way only a full one goes out beside it, unless it takes so
/// long that something must be wrong with it. And those whom a
/// bulk has answered mostly come again at once: after a bulk with more than one append the next one gathers for a moment.
/// With little to do each append goes at once and alone.
struct CommitQueue<Waiter> {
    typealias Instant = ContinuousClock.Instant

    /// What bounds a queue.
    struct Limits {
        /// How many appends may wait or be under way.
        var appends: Int
        /// The most appends in a bulk.
        var bulk: Int
        /// The most bulks under way.
        var bulks: Int
        /// How long a bulk gathers.
        var gathering: Duration
        /// How long the others wait for the bulk under way.
        var patience: Duration
    }

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

    /// What to do.
    enum Next {
        /// Commit these; ``finish(_:again:isFailure:now:)`` is due afterwards.
        case commit([Entry])
        /// Look again then.
        case pause(until: Instant)
        /// Look again when ``isDue(at:)``.
        case wait
        /// Nothing, for ever.
        case end
    }

    private let limits: Limits
    private var pending: Deque<Entry> = []
    private var appendsUnderWay = 0
    private var bulksUnderWay = 0
    /// When the last one went out.
    private var lastStart: Instant?
    /// Until when a bulk gathers, unless it is full.
    private var gathersUntil: Instant?
    /// Until when nothing is tried, because the database is in trouble.
    private var pausesUntil: Instant?
    private var backoff = Backoff(from: .milliseconds(20), to: .milliseconds(500))
    private var isClosed = false

    init(limits: Limits) { self.limits = limits }

    /// Takes an append in. - Returns: `false` when it cannot.
    mutating func add(_ entry: Entry) -> Bool {
        guard !isClosed, pending.count + appendsUnderWay < limits.appends else { return false }
        pending.append(entry)
        return true
    }

    /// Accepts nothing more.
    mutating func close() { isClosed = true }

    private var isFull: Bool { pending.count >= limits.bulk }

    private var isFinished: Bool { isClosed && pending.isEmpty && bulksUnderWay == 0 }

    /// Whether ``next(now:)`` has more to say than to wait.
    func isDue(at now: Instant) -> Bool {
        if pending.isEmpty { return isFinished }
        guard bulksUnderWay > 0 else { return true }
        return bulksUnderWay < limits.bulks && (isFull || isOverdue(at: now))
    }

    private func isOverdue(at now: Instant) -> Bool { lastStart.map { now - $0 > limits.patience } ?? false }

    /// What to do now, and who has waited too long.
    mutating func next(now: Instant) -> (next: Next, expired: [Resolution]) {
        guard isDue(at: now) else { return (.wait, []) }
        if isFinished { return (.end, []) }
        if let pausesUntil, pausesUntil > now { return (.pause(until: pausesUntil), []) }
        if let gathersUntil, gathersUntil > now, !isFull { return (.pause(until: gathersUntil), []) }
        var bulk: [Entry] = []
        var expired: [Resolution] = []
        while bulk.count < limits.bulk, let entry = pending.popFirst() {
            if entry.deadline > now { bulk.append(entry) } else { expired.append(Self.expire(entry)) }
        }
        guard !bulk.isEmpty else { return (.pause(until: now), expired) }
        appendsUnderWay += bulk.count
        bulksUnderWay += 1
        lastStart = now
        return (.commit(bulk), expired)
    }

    /// A bulk has ended; these of it have to be tried again, before all others.
    ///
    /// - Parameter isFailure: whether the database is in trouble, so that the next bulk had better wait.
    mutating func finish(_ count: Int, again entries: [Entry], isFailure: Bool, now: Instant) -> [Resolution] {
        appendsUnderWay -= count
        bulksUnderWay -= 1
        gathersUntil = count > 1 ? now + limits.gathering : nil
        if isFailure { pausesUntil = now + backoff.next() } else { backoff.reset() }
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
