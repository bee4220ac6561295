// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule
internal import Essentials

/// What one writer has appended, or is about to, and not yet published. A value that decides; ``Outbox`` and ``Relay``
/// act.
///
/// Each append reserves the next number. A number is done once its commit's events are published, or is known not to exist;
/// ``progress(revision:)`` says which are. Until then it has a slot, which says where its commit is:
///
/// - reserved, while the append is under way, or doubtful, when its outcome is unknown;
/// - held: in memory, to be published;
/// - spilled: not kept, since there are `memoryLimit` others; it is read from the store again when there is room, and then
///   held;
/// - set aside: not kept, since it, or one before it in its stream, cannot be published for a reason of its own: see
///   ``SetAsideStreams``.
///
/// Those of the first two kinds are in ``StreamLanes``, which offers a stream's commits in order. Of one stream there may be
/// some in each state; none may be held while one before it is spilled or set aside, or it would be published first. What an
/// append becomes when it ends is decided by that: see ``append(_:)``.
///
/// What is kept grows with the numbers that are not done, never with those behind one that is not.
struct OutboxQueue {
    private enum Slot {
        /// The append is under way.
        case reserved(StreamID)
        /// Whether it was appended could not be told.
        case doubtful(Doubt)
        /// Appended and in memory; when it was recorded.
        case held(Timestamp)
        /// Appended, and to be read from the store; when it was recorded.
        case spilled(Timestamp)
        /// Appended, and not to be published now, nor kept.
        case setAside(StreamID)
    }

    /// An append whose outcome could not be told.
    struct Doubt {
        fileprivate let position: EventPosition
        /// Its number.
        let number: Int64
        /// Whether its version is taken by now, so that a look tells: the commit is there, or another is in its place and it
        /// never will be.
        fileprivate(set) var isDecidable = false
    }

    private let memoryLimit: Int
    private let backlogLimit: Int
    /// What is not done, by number.
    private var slots: [Int64: Slot] = [:]
    /// The numbers that are not done, in order, but for those set aside; and some that are done, until they are cleared away.
    private var order: Deque<Int64> = []
    /// The numbers reserved, doubtful or held.
    private var lanes = StreamLanes()
    private var setAside: SetAsideStreams
    private var spilled = 0
    /// Behind which number commits are being read back: none before it was to be.
    private var readingAfter: Int64?
    private var doubtful = 0
    /// The last number given out.
    private(set) var lastNumber: Int64 = 0

    /// - Parameters:
    ///   - memoryLimit: how many commits to keep, at least 1; appends that are under way come on top.
    ///   - backlogLimit: how many unpublished commits to accept.
    ///   - pauses: the shortest and the longest pause before a commit that is set aside is tried again.
    init(memoryLimit: Int, backlogLimit: Int, pauses: ClosedRange<Duration> = .seconds(1)...(.seconds(60))) {
        self.memoryLimit = memoryLimit
        self.backlogLimit = backlogLimit
        setAside = SetAsideStreams(pauses: pauses)
    }

    // MARK: Appending

    /// The number of a new append, or `nil` when the backlog is full. Half of it is for what somebody waits for: an import
    /// must not be why a command is refused while the broker is away.
    mutating func reserve(_ stream: StreamID, _ urgency: AppendUrgency = .single) -> Int64? {
        guard urgency == .bulk ? slots.count < max(1, backlogLimit / 2) : !isFull else { return nil }
        lastNumber += 1
        slots[lastNumber] = .reserved(stream)
        order.append(lastNumber)
        lanes.expect(lastNumber, of: stream, urgency)
        return lastNumber
    }

    /// An append has succeeded.
    mutating func append(_ commit: OutboxCommit) {
        let number = commit.sequence
        guard let stream = leave(number) else { return }
        taken(commit.commit.first.position)
        let (first, last) = (setAside.first(of: stream), setAside.last(of: stream))
        // While others of it may be among those to be read back it goes that way, too, or it would overtake them; unless one
        // behind it is set aside, which would overtake it: then none before it is to be read back.
        let isBeforeReading = readingAfter.map { number <= $0 } ?? false
        if let first, let last, first < number, spilled == 0 || last > number || isBeforeReading {
            lanes.remove(number, of: stream)
            return putAside(number, of: stream)
        }
        // Nothing that comes back later may be overtaken by what its stream holds behind it.
        // The page that is being read may hold what follows, and not this.
        let hasFollower =
            lanes.hasCommit(behind: number, of: stream)
            || first.map { $0 > number } ?? false
            || isBeforeReading
        if (spilled > 0 || lanes.commitCount >= memoryLimit) && !hasFollower {
            slots[number] = .spilled(commit.commit.first.recordedAt)
            spilled += 1
            lanes.remove(number, of: stream)
        } else {
            slots[number] = .held(commit.commit.first.recordedAt)
            lanes.add(commit)
        }
    }

    /// An append has failed: its number stays unused.
    mutating func void(_ number: Int64) {
        guard let stream = leave(number) else { return }
        lanes.remove(number, of: stream)
        finish(number)
    }

    /// An append's outcome is unknown.
    mutating func doubt(_ number: Int64, _ position: EventPosition) {
        guard case .reserved? = slots[number] else { return }
        slots[number] = .doubtful(Doubt(position: position, number: number))
        doubtful += 1
    }

    /// The store has an event at this position: of a doubtful append for the same or an earlier one it can be told by now
    /// whether it succeeded, for a stream has no gaps and each version once.
    mutating func taken(_ position: EventPosition) {
        guard doubtful > 0 else { return }
        for number in lanes.numbers(of: position.stream) {
            guard case .doubtful(var doubt)? = slots[number], doubt.position.version <= position.version else {
                continue
            }
            doubt.isDecidable = true
            slots[number] = .doubtful(doubt)
        }
    }

    /// The appends in doubt, in order of their numbers.
    var doubts: [Doubt] {
        guard doubtful > 0 else { return [] }
        return order.compactMap { if case .doubtful(let doubt)? = slots[$0] { doubt } else { nil } }
    }

    /// Ends the reservation or doubt, whichever it was.
    private mutating func leave(_ number: Int64) -> StreamID? {
        switch slots[number] {
        case .reserved(let stream)?:
            return stream
        case .doubtful(let doubt)?:
            doubtful -= 1
            return doubt.position.stream
        case .held?, .spilled?, .setAside?, nil:
            return nil
        }
    }

    // MARK: Publishing

    /// Whether ``take(maximum:)`` would return something.
    var hasReady: Bool { lanes.hasReady }

    /// Commits to publish now, those of a stream in order, until they have so many events. They are in flight until
    /// ``confirm(_:)``, ``fail(_:)`` or ``setAside(_:now:)``, which are called in this order: once one has failed, for all
    /// behind it of its stream, too.
    mutating func take(maximum: Int) -> [OutboxCommit] { lanes.take(maximum: maximum) }

    /// A commit is published.
    mutating func confirm(_ number: Int64) {
        if lanes.finish(number) { finish(number) }
    }

    /// A commit is not published, or not for sure. It is offered again behind other streams.
    mutating func fail(_ number: Int64) { lanes.giveBack(number) }

    private mutating func finish(_ number: Int64) {
        slots[number] = nil
        clearAway()
    }

    /// Lets go of the numbers that are done or set aside: those in front, and all once they are the most.
    private mutating func clearAway() {
        while let first = order.first, !isInOrder(first) { order.removeFirst() }
        if order.count > 2 * (slots.count - setAside.count) + 1024 { order = Deque(order.filter(isInOrder)) }
    }

    private func isInOrder(_ number: Int64) -> Bool {
        switch slots[number] {
        case .reserved?, .doubtful?, .held?, .spilled?: true
        case .setAside?, nil: false
        }
    }

    // MARK: Setting aside

    /// How many commits are set aside.
    var setAsideCount: Int { setAside.count }

    /// When the next of them is to be tried again.
    var nextSetAsideDue: ContinuousClock.Instant? { setAside.nextDue(isHeldUp: isHeldUp) }

    /// A commit cannot be published for a reason of its own. It leaves memory with what follows in its stream, and is to be
    /// tried again after a pause.
    mutating func setAside(_ number: Int64, now: ContinuousClock.Instant) {
        // What is still under way comes to it when it has ended.
        guard let (stream, numbers) = lanes.clear(from: number) else { return }
        setAside.fail(number, of: stream, now: now)
        for number in numbers { putAside(number, of: stream) }
    }

    /// A commit that is not in a lane any more joins those of its stream that are set aside.
    private mutating func putAside(_ number: Int64, of stream: StreamID) {
        setAside.add(number, to: stream)
        slots[number] = .setAside(stream)
        clearAway()
    }

    /// The numbers of commits to be tried again now, in order.
    mutating func takeSetAside(now: ContinuousClock.Instant, maximum: Int) -> [Int64] {
        setAside.takeDue(now: now, maximum: maximum, isHeldUp: isHeldUp)
    }

    /// Whether a commit that is set aside has to wait for an append under way or in doubt, or a commit before it.
    private func isHeldUp(_ stream: StreamID, _ number: Int64) -> Bool {
        lanes.numbers(of: stream).first.map { $0 < number } ?? false
    }

    /// A commit that was set aside has been tried again; of several of a stream the first is told first.
    ///
    /// - Parameter outcome: `nil` when it was not tried after all.
    mutating func retried(_ number: Int64, _ outcome: PublishOutcome?, now: ContinuousClock.Instant) {
        // What is behind one that is not published has not got through either.
        guard case .setAside(let stream)? = slots[number], setAside.first(of: stream) == number else { return }
        switch outcome {
        case .published?:
            slots[number] = nil
            setAside.succeed(stream, now: now)
        case .refused?: setAside.fail(number, of: stream, now: now)
        case .unavailable?, nil: setAside.putBack(stream)
        }
    }

    // MARK: Reading back

    /// The number behind which to go on reading what is not in memory; `nil` when nothing is, or there is no room.
    var nextSpill: Int64? {
        guard spilled > 0, lanes.commitCount <= memoryLimit / 2 else { return nil }
        return order.first { if case .spilled? = slots[$0] { true } else { false } }.map { $0 - 1 }
    }

    /// Somebody begins to read there; ``reload(_:)`` ends it.
    mutating func beginReading(after number: Int64) { readingAfter = number }

    /// Takes in what was read, in order.
    mutating func reload(_ page: [OutboxCommit]) {
        readingAfter = nil
        for commit in page {
            let (number, stream) = (commit.sequence, commit.commit.stream)
            guard case .spilled? = slots[number] else { continue }
            spilled -= 1
            if let first = setAside.first(of: stream), first < number {
                putAside(number, of: stream)
                continue
            }
            slots[number] = .held(commit.commit.first.recordedAt)
            lanes.insert(commit)
        }
    }

    // MARK: State

    /// How far everything is published.
    ///
    /// - Parameter revision: higher than that of the report before.
    func progress(revision: Int64) -> RelayProgress {
        let published = order.first.map { $0 - 1 } ?? lastNumber
        // Beyond what a checkpoint can hold, whoever takes over publishes some once more.
        guard setAside.count <= Self.setAsideLimit else {
            return RelayProgress(revision: revision, published: min(published, (setAside.lowest ?? .max) - 1))
        }
        return RelayProgress(
            revision: revision, published: published, setAside: Array(setAside.numbers.prefix { $0 <= published }))
    }

    /// The most numbers in a checkpoint: some 10 KB.
    private static var setAsideLimit: Int { 1000 }

    /// How many commits are appended and not published.
    var backlog: Int { waitingCount + setAside.count }

    /// How many of them wait for nothing but their turn.
    var waitingCount: Int { lanes.commitCount + spilled }

    /// Whether no append is accepted, because of those that are not published yet.
    var isFull: Bool { slots.count >= backlogLimit }

    /// When the oldest of them was recorded, without those set aside.
    var oldest: Timestamp? {
        for number in order {
            switch slots[number] {
            case .held(let time)?, .spilled(let time)?: return time
            case .reserved?, .doubtful?, .setAside?, nil: continue
            }
        }
        return nil
    }

    /// Whether every number is done or set aside.
    var isDrained: Bool { slots.count == setAside.count }
}
