// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials

/// Answers that were made of documents, by what they are looked up by; each stream has one at most.
///
/// A value that decides; ``NearCache`` holds the lock. Two sources meet here: what was read from the read model, and what is
/// told of changes, which is late but misses nothing. Rules keep an answer from being older than one given before:
///
/// - Only a later document of a stream takes the place of an earlier one (``DocumentAge``): one with a higher version, but
///   after the event store was restored from a backup. An earlier one changes nothing.
/// - An answer whose stream is told to have gone on is not relied on any more. It stays until the read model gives
///   what was told, to know what is older, and for when the read model is away.
/// - What was read is not kept if something later has been told of its stream (``ToldAges``).
/// - Nothing is relied on for longer than ``maximumAge``, whatever nobody has told.
///
/// So there are three ages of a stream to compare when something was read: that of the answer here (``Entry/age``), the
/// latest that was told of it since (``Entry/told``), and the latest that was told of any stream lately, with an answer here
/// or not (``ToldAges``).
///
/// `entries` has the answers by key, within the memory there is; `keys` has a stream if and only if its answer is there. A
/// key may go from one stream to another, as a released address does: then the later answer takes the place of both, that
/// of its own stream and that of its key.
struct CachedStreams<Answer: Sendable>: Sendable {
    /// One answer.
    struct Entry: Sendable {
        let stream: StreamID
        let key: String
        let age: DocumentAge
        let answer: Answer
        /// How recent the stream's document is said to be, if that is later.
        fileprivate var told: DocumentAge?
        /// When it was read.
        fileprivate var readAt = ContinuousClock.now

        init(stream: StreamID, key: String, age: DocumentAge, answer: Answer) {
            self.stream = stream
            self.key = key
            self.age = age
            self.answer = answer
        }

        /// Whether it is the latest, as far as is known.
        func isCurrent(now: ContinuousClock.Instant) -> Bool { told == nil && !isTooOld(now) }

        fileprivate func isTooOld(_ now: ContinuousClock.Instant) -> Bool { now - readAt > CachedStreams.maximumAge }
    }

    /// When a reading began.
    struct Reading: Sendable {
        fileprivate let start: ToldAges.Time
    }

    /// What became of something read.
    enum Outcome: Equatable {
        /// It is here now, or was already.
        case kept
        /// It may be shown, but is not kept.
        case notKept
        /// A later document of the stream is known: read again.
        case outdated
    }

    /// What an entry costs besides its key and answer: three times its key or stream's name in a table of twice its
    /// size, the queue's node, and what the allocator adds.
    static var overheadBytes: Int { 496 }

    /// After how long an answer is read again although nothing was told: whoever changes a document and ends before telling,
    /// with nobody to tell it again, is noticed by then.
    static var maximumAge: Duration { .seconds(300) }

    private var entries: SieveCache<Entry>
    private var keys: [StreamID: String] = [:]
    private var told = ToldAges()
    /// Entries that left for want of room, so far.
    private(set) var evictions = 0

    /// - Parameter capacityBytes: the most that entries may take, about; 0 keeps none.
    init(capacityBytes: Int) { entries = SieveCache(capacity: capacityBytes) }

    var count: Int { entries.count }
    var bytes: Int { entries.cost }

    /// The answer for a key, current or not.
    mutating func find(_ key: String) -> Entry? { entries.hit(key) }

    /// The answer of a stream, current or not.
    mutating func find(_ stream: StreamID) -> Entry? { keys[stream].flatMap { entries.hit($0) } }

    /// Whether there is an answer of a stream.
    func holds(_ stream: StreamID) -> Bool { keys[stream] != nil }

    // MARK: What was read

    /// To be called before a reading begins.
    func beginReading() -> Reading { Reading(start: told.now) }

    /// Takes in what was read, unless something later is known.
    mutating func add(
        _ entry: Entry, sizeBytes: Int, read reading: Reading, now: ContinuousClock.Instant = .now
    ) -> Outcome {
        if let known = known(entry.stream) {
            // One that is too old says nothing against what was read.
            if known.age > entry.age, !known.isTooOld(now) { return .outdated }
            if known.age == entry.age, known.isCurrent(now: now) { return .kept }
            if let later = known.told, later > entry.age {
                // Not what was told, and yet nothing older may be shown from now on.
                if entry.age > known.age { replace(with: entry, sizeBytes, told: later) }
                return .notKept
            }
        }
        guard told.allow(entry.stream, entry.age, since: reading.start) else {
            remove(entry.stream)
            foundNobody(entry.key)
            return .notKept
        }
        replace(with: entry, sizeBytes)
        return entries.peek(entry.key) == nil ? .notKept : .kept
    }

    /// Whoever had the key is not to be found under it.
    mutating func foundNobody(_ key: String) {
        if let entry = entries.peek(key) { remove(entry.stream) }
    }

    /// A stream was read, and its document has another key or none.
    ///
    /// - Returns: whether a later document is known: then read again.
    mutating func found(
        _ stream: StreamID, _ age: DocumentAge, elsewhere key: String?, now: ContinuousClock.Instant = .now
    ) -> Bool {
        guard let known = known(stream) else { return false }
        if known.age > age, !known.isTooOld(now) { return true }
        remove(stream)
        return false
    }

    // MARK: What is told

    /// Takes in that a stream's document has changed.
    mutating func apply(_ notice: ChangeNotice) {
        told.note(notice.stream, notice.age)
        guard var known = known(notice.stream) else { return }
        guard let age = notice.age else { return remove(notice.stream) }
        guard age > known.told ?? known.age else { return }
        known.told = age
        entries.update(known, for: known.key)
    }

    /// Forgets everything, and what is being read at this moment: changes may have been missed.
    mutating func clear() {
        told.forget()
        entries.removeAll()
        keys = [:]
    }

    // MARK: Parts

    private func known(_ stream: StreamID) -> Entry? { keys[stream].flatMap { entries.peek($0) } }

    /// Stores an answer in the place of that of its stream, and of that of its key.
    private mutating func replace(with newer: Entry, _ sizeBytes: Int, told: DocumentAge? = nil) {
        var entry = newer
        entry.told = told
        remove(entry.stream)
        foundNobody(entry.key)
        let cost = sizeBytes + 3 * entry.key.utf8.count + 2 * entry.stream.name.utf8.count + Self.overheadBytes
        let evicted = entries.store(entry, for: entry.key, cost: cost)
        for entry in evicted { keys[entry.stream] = nil }
        evictions += evicted.count
        keys[entry.stream] = entries.peek(entry.key) == nil ? nil : entry.key
    }

    private mutating func remove(_ stream: StreamID) {
        guard let key = keys.removeValue(forKey: stream) else { return }
        entries.remove(key)
    }
}
