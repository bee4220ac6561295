// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import DequeModule
internal import Essentials
internal import MongoDB

/// Appends that wait for a bulk, and what becomes of each. A value that decides; ``GroupCommit`` acts.
///
/// What a bulk costs hardly depends on what is in it, so few large ones are better than many small ones. It is Nagle's
/// algorithm (RFC 896) that makes them so: while one is under way only a full one goes out beside it, unless it takes so
/// long that something must be wrong with it.
///
/// With little to do there is nothing to be saved: as long as few appends are under way in all, each goes at once, beside
/// the others.
///
/// What somebody waits for goes before what was sent in bulk, in the first bulk that goes out. It does not wait for one
/// of nothing else: beside those it may always go out, and one place is never theirs.
struct CommitQueue<Waiter> {
    typealias Instant = ContinuousClock.Instant

    /// What bounds a queue.
    struct Limits {
        /// How many appends may wait or be under way.
        var appends: Int
        /// The most appends in a bulk.
        var bulk: Int
        /// The most bulks under way, at least 2. One less without anything that somebody waits for.
        var bulks: Int
        /// How many appends, those under way included, do not wait for each other. Fewer than come from a busy server's
        /// clients in the time that a bulk takes, or all bulks would stay small.
        var few: Int
        /// How long the others wait for the bulk under way.
        var patience: Duration
    }

    /// An append and who waits for it.
    struct Entry {
        let document: NewDocument
        let deadline: Instant
        var waiter: Waiter
        /// Whether an earlier attempt may have succeeded.
        var isDoubtful = false

        var isSingle: Bool { document.urgency == .single }

        /// The same for somebody else.
        func waited(by waiter: Waiter) -> Entry {
            var entry = self
            entry.waiter = waiter
            return entry
        }
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
    private var singles: Deque<Entry> = []
    private var others: Deque<Entry> = []
    private var appendsUnderWay = 0
    private var bulksUnderWay = 0
    /// Those with something that somebody waits for.
    private var singleBulksUnderWay = 0
    /// When the last one went out.
    private var lastStart: Instant?
    /// Until when nothing is tried, because the database is in trouble.
    private var pausesUntil: Instant?
    private var backoff = Backoff(from: .milliseconds(20), to: .milliseconds(500))
    private var isClosed = false
    /// Nobody will call ``next(now:)`` again.
    private var isAbandoned = false

    init(limits: Limits) { self.limits = limits }

    private var hasRoom: Bool { !isClosed && pendingCount + appendsUnderWay < limits.appends }

    private var pendingCount: Int { singles.count + others.count }

    /// Takes an append in. - Returns: `false` when it cannot.
    mutating func add(_ entry: Entry) -> Bool {
        guard hasRoom else { return false }
        enqueue(entry)
        return true
    }

    /// Takes an append in if that makes a bulk due with it in it.
    ///
    /// - Returns: the bulk, for the caller to commit, and who has waited too long. `nil` when it was not taken in.
    mutating func lead(_ entry: Entry, now: Instant) -> (bulk: [Entry], expired: [Resolution])? {
        let (count, hasSingle) = (pendingCount + 1, !singles.isEmpty || entry.isSingle)
        // A single one is taken before all others, so that it is in however many those are.
        let isIn = entry.isSingle ? singles.count < limits.bulk : count <= limits.bulk
        guard hasRoom, isIn, mayStart(count, hasSingle: hasSingle, at: now), pause(at: now) == nil else { return nil }
        enqueue(entry)
        return start(at: now)
    }

    private mutating func enqueue(_ entry: Entry) {
        if entry.isSingle { singles.append(entry) } else { others.append(entry) }
    }

    /// Accepts nothing more.
    mutating func close() { isClosed = true }

    private var isFinished: Bool { isClosed && pendingCount == 0 && bulksUnderWay == 0 }

    /// Whether ``next(now:)`` has more to say than to wait.
    func isDue(at now: Instant) -> Bool {
        pendingCount == 0 ? isFinished : mayStart(pendingCount, hasSingle: !singles.isEmpty, at: now)
    }

    /// Whether a bulk may go out beside those under way when so many wait for it.
    private func mayStart(_ count: Int, hasSingle: Bool, at now: Instant) -> Bool {
        guard bulksUnderWay > 0 else { return true }
        guard bulksUnderWay < (hasSingle ? limits.bulks : limits.bulks - 1) else { return false }
        if hasSingle, singleBulksUnderWay == 0 { return true }
        return count + appendsUnderWay <= limits.few || count >= limits.bulk || isOverdue(at: now)
    }

    /// Until when a bulk does not go out although it might.
    private func pause(at now: Instant) -> Instant? { pausesUntil.flatMap { $0 > now ? $0 : nil } }

    private func isOverdue(at now: Instant) -> Bool { lastStart.map { now - $0 > limits.patience } ?? false }

    /// What to do now, and who has waited too long.
    mutating func next(now: Instant) -> (next: Next, expired: [Resolution]) {
        guard isDue(at: now) else { return (.wait, []) }
        if isFinished { return (.end, []) }
        if let end = pause(at: now) { return (.pause(until: end), []) }
        let (bulk, expired) = start(at: now)
        return (bulk.isEmpty ? .pause(until: now) : .commit(bulk), expired)
    }

    private mutating func start(at now: Instant) -> (bulk: [Entry], expired: [Resolution]) {
        var bulk: [Entry] = []
        var expired: [Resolution] = []
        while bulk.count < limits.bulk, let entry = singles.popFirst() ?? others.popFirst() {
            if entry.deadline > now { bulk.append(entry) } else { expired.append(Self.expire(entry)) }
        }
        guard !bulk.isEmpty else { return ([], expired) }
        appendsUnderWay += bulk.count
        bulksUnderWay += 1
        if bulk.contains(where: \.isSingle) { singleBulksUnderWay += 1 }
        lastStart = now
        return (bulk, expired)
    }

    /// A bulk has ended; these of it have to be tried again, before all others.
    ///
    /// - Parameter isFailure: whether the database is in trouble, so that the next bulk had better wait.
    mutating func finish(_ bulk: [Entry], again entries: [Entry], isFailure: Bool, now: Instant) -> [Resolution] {
        appendsUnderWay -= bulk.count
        bulksUnderWay -= 1
        if bulk.contains(where: \.isSingle) { singleBulksUnderWay -= 1 }
        if isFailure { pausesUntil = now + backoff.next() } else { backoff.reset() }
        var expired: [Resolution] = []
        for entry in entries.reversed() {
            guard entry.deadline > now, !isAbandoned else {
                expired.append(Self.expire(entry))
                continue
            }
            if entry.isSingle { singles.prepend(entry) } else { others.prepend(entry) }
        }
        return expired
    }

    /// Gives up everything that waits, and whatever is to be tried again later.
    mutating func drain() -> [Resolution] {
        isClosed = true
        isAbandoned = true
        defer { (singles, others) = ([], []) }
        return (singles + others).map(Self.expire)
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
