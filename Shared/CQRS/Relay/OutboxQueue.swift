// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule

/// What one writer has appended, or is about to, and not yet published. A value that decides; ``Outbox`` and ``Relay``
/// act.
///
/// Each append reserves the next number. A number is done once its event is published, or is known not to exist;
/// ``published`` is how far from the first all are done. Of a stream's events only the earliest is offered to be
/// published, so they go out in order, whatever fails in between.
///
/// Events beyond `memoryLimit` are not kept: they are read from the store again when there is room.
struct OutboxQueue {
    private enum Slot {
        /// The append is under way.
        case reserved(StreamID)
        /// Whether it was appended could not be told.
        case doubtful(StreamID)
        /// Appended and in memory.
        case held
        /// Appended, and to be read from the store.
        case spilled(Timestamp)
        /// Published or not appended.
        case done
    }

    private let memoryLimit: Int
    private let backlogLimit: Int
    /// By number, from `published + 1`.
    private var slots: Deque<Slot> = []
    private var events: [Int64: OutboxEvent] = [:]
    /// For each stream the numbers reserved, doubtful or held, in order.
    private var streams: [StreamID: [Int64]] = [:]
    /// What may be published now: the first of their streams.
    private var ready: Deque<Int64> = []
    private var inFlight: Set<Int64> = []
    /// How many numbers are not done.
    private var unfinished = 0
    private var spilled = 0
    private var doubtful = 0
    /// The number up to which everything is done.
    private(set) var published: Int64 = 0

    /// - Parameters:
    ///   - memoryLimit: how many events to keep, at least 1; appends that are under way come on top.
    ///   - backlogLimit: how many unpublished events to accept.
    init(memoryLimit: Int, backlogLimit: Int) {
        self.memoryLimit = memoryLimit
        self.backlogLimit = backlogLimit
    }

    // MARK: Appending

    /// The number of a new append, or `nil` when the backlog is full.
    mutating func reserve(_ stream: StreamID) -> Int64? {
        guard !isFull else { return nil }
        unfinished += 1
        slots.append(.reserved(stream))
        let number = lastNumber
        streams[stream, default: []].append(number)
        return number
    }

    /// An append has succeeded.
    mutating func append(_ event: OutboxEvent) {
        let number = event.sequence
        guard let stream = leave(number) else { return }
        let queue = streams[stream] ?? []
        // Nothing that comes back later may be overtaken by what its stream holds behind it.
        let hasFollower = queue.contains { $0 > number && events[$0] != nil }
        if (spilled > 0 || events.count >= memoryLimit) && !hasFollower {
            self[number] = .spilled(event.event.recordedAt)
            spilled += 1
            remove(number, from: stream)
        } else {
            self[number] = .held
            events[number] = event
            if queue.first == number { ready.append(number) }
        }
    }

    /// An append has failed: its number stays unused.
    mutating func void(_ number: Int64) {
        guard let stream = leave(number) else { return }
        finish(number, of: stream)
    }

    /// An append's outcome is unknown.
    mutating func doubt(_ number: Int64) {
        guard case .reserved(let stream)? = self[number] else { return }
        self[number] = .doubtful(stream)
        doubtful += 1
    }

    /// The numbers in doubt.
    var doubts: [Int64] {
        guard doubtful > 0 else { return [] }
        return slots.indices.compactMap { index in
            if case .doubtful = slots[index] { published + 1 + Int64(index) } else { nil }
        }
    }

    /// Ends the reservation or doubt, whichever it was.
    private mutating func leave(_ number: Int64) -> StreamID? {
        switch self[number] {
        case .reserved(let stream)?:
            return stream
        case .doubtful(let stream)?:
            doubtful -= 1
            return stream
        case .held?, .spilled?, .done?, nil:
            return nil
        }
    }

    // MARK: Publishing

    /// Whether ``take(maximum:)`` would return something.
    var hasReady: Bool { !ready.isEmpty }

    /// Events to publish now, each of another stream. They are in flight until ``confirm(_:)`` or ``fail(_:)``.
    mutating func take(maximum: Int) -> [OutboxEvent] {
        var batch: [OutboxEvent] = []
        while batch.count < maximum, let number = ready.popFirst() {
            guard let event = events[number] else { continue }
            inFlight.insert(number)
            batch.append(event)
        }
        return batch
    }

    /// An event is published.
    mutating func confirm(_ number: Int64) {
        guard inFlight.remove(number) != nil, let event = events.removeValue(forKey: number) else { return }
        finish(number, of: event.event.stream)
    }

    /// An event is not published, or not for sure. It is offered again behind the others.
    mutating func fail(_ number: Int64) {
        guard inFlight.remove(number) != nil else { return }
        ready.append(number)
    }

    private mutating func finish(_ number: Int64, of stream: StreamID) {
        self[number] = .done
        unfinished -= 1
        remove(number, from: stream)
        while case .done? = slots.first {
            slots.removeFirst()
            published += 1
        }
    }

    private mutating func remove(_ number: Int64, from stream: StreamID) {
        guard var queue = streams.removeValue(forKey: stream), let index = queue.firstIndex(of: number) else { return }
        queue.remove(at: index)
        guard let first = queue.first else { return }
        streams[stream] = queue
        if index == 0, events[first] != nil { ready.append(first) }
    }

    // MARK: Reading back

    /// The number behind which to go on reading what is not in memory; `nil` when nothing is, or there is no room.
    var nextSpill: Int64? {
        guard spilled > 0, events.count <= memoryLimit / 2 else { return nil }
        let index = slots.firstIndex { if case .spilled = $0 { true } else { false } }
        return index.map { published + Int64($0) }
    }

    /// Takes in what was read, in order.
    mutating func reload(_ page: [OutboxEvent]) {
        for event in page {
            guard case .spilled? = self[event.sequence] else { continue }
            self[event.sequence] = .held
            spilled -= 1
            events[event.sequence] = event
            var queue = streams[event.event.stream] ?? []
            queue.insert(event.sequence, at: queue.firstIndex { $0 > event.sequence } ?? queue.endIndex)
            streams[event.event.stream] = queue
            if queue.first == event.sequence { ready.append(event.sequence) }
        }
    }

    // MARK: State

    /// The last number given out.
    var lastNumber: Int64 { published + Int64(slots.count) }

    /// How many events are appended and not published.
    var backlog: Int { events.count + spilled }

    /// Whether no append is accepted, because of those that are not published yet.
    var isFull: Bool { unfinished >= backlogLimit || slots.count >= 2 * backlogLimit }

    /// When the oldest of them was recorded.
    var oldest: Timestamp? {
        for (index, slot) in slots.enumerated() {
            switch slot {
            case .held: return events[published + 1 + Int64(index)]?.event.recordedAt
            case .spilled(let time): return time
            case .reserved, .doubtful, .done: continue
            }
        }
        return nil
    }

    /// Whether every number is done.
    var isDrained: Bool { unfinished == 0 }

    private subscript(number: Int64) -> Slot? {
        get {
            let index = Int(number - published - 1)
            return slots.indices.contains(index) ? slots[index] : nil
        }
        set {
            let index = Int(number - published - 1)
            guard let newValue, slots.indices.contains(index) else { return }
            slots[index] = newValue
        }
    }
}
