// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Answers that were made of documents, by what they are looked up by; each stream has one at most.
///
/// A value that decides; ``NearCache`` holds the lock. Two sources meet here: what was read from the read model, which may
/// be ahead of the feed or, if reading it took long, behind; and the feed, which is late but misses nothing. Three rules
/// keep an answer from being older than one given before:
///
/// - Only a later document of a stream takes the place of an earlier one (``DocumentAge``): one with a higher version, but
///   after the event store was restored from a backup. An earlier one changes nothing.
/// - Where the two disagree about who has a key, its answer leaves, and the read model is asked: it knows.
/// - What was read is kept only if since the reading began no change of its stream or key was told (``Reading``).
///   Otherwise it may be from before that change, which is not told a second time.
struct CachedStreams<Answer: Sendable>: Sendable {
    /// One answer.
    struct Entry: Sendable {
        let stream: StreamID
        let key: String
        let age: DocumentAge
        let answer: Answer
    }

    /// When a reading began.
    struct Reading: Sendable {
        fileprivate let start: UInt64
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
    static var overheadBytes: Int { 448 }

    private var entries: SieveCache<Entry>
    private var keys: [StreamID: String] = [:]
    /// Changes told so far.
    private var time: UInt64 = 1
    private var clearedAt: UInt64 = 0
    /// The last change of any stream or key with a hash. Streams that share a place make some readings be forgotten
    /// that could be kept; that is rare and harmless.
    private var lastChange = [UInt64](repeating: 0, count: 4096)
    /// Entries that left for want of room, so far.
    private(set) var evictions = 0

    /// - Parameter capacityBytes: the most that entries may take, about; 0 keeps none.
    init(capacityBytes: Int) { entries = SieveCache(capacity: capacityBytes) }

    var count: Int { entries.count }
    var bytes: Int { entries.cost }

    /// The answer for a key.
    mutating func find(_ key: String) -> Entry? { entries.hit(key) }

    /// Whether there is an answer of a stream.
    func holds(_ stream: StreamID) -> Bool { keys[stream] != nil }

    // MARK: What was read

    /// To be called before a reading begins.
    func beginReading() -> Reading { Reading(start: time) }

    /// Takes in what was read.
    mutating func add(_ entry: Entry, sizeBytes: Int, read reading: Reading) -> Outcome {
        if let known = keys[entry.stream].flatMap({ entries.peek($0) }) {
            if known.age > entry.age { return .outdated }
            if known.age == entry.age { return .kept }
            remove(known.stream)
        }
        if let other = entries.peek(entry.key) { remove(other.stream) }
        guard lastChange[place(of: entry.stream)] <= reading.start, lastChange[place(of: entry.key)] <= reading.start,
            clearedAt <= reading.start
        else { return .notKept }
        store(entry, sizeBytes)
        return entries.peek(entry.key) == nil ? .notKept : .kept
    }

    /// Nobody was found under a key.
    mutating func foundNobody(_ key: String) {
        if let entry = entries.peek(key) { remove(entry.stream) }
    }

    /// A stream was read, and its document has another key or none.
    ///
    /// - Returns: whether a later document is known: then read again.
    mutating func found(_ stream: StreamID, _ age: DocumentAge, elsewhere key: String?) -> Bool {
        guard let known = keys[stream].flatMap({ entries.peek($0) }) else { return false }
        if known.age < age { remove(stream) }
        return known.age > age
    }

    // MARK: What the feed tells

    /// Takes in a change of a stream that has no answer here, whatever the document is.
    ///
    /// - Parameter key: what the document is looked up by now, if anything.
    /// - Returns: `false` if the stream has an answer here; then nothing was done, and ``apply(_:age:key:answer:)`` must
    ///   be called with the document.
    mutating func note(_ stream: StreamID, key: String?) -> Bool {
        guard !holds(stream) else { return false }
        mark(stream, key)
        return true
    }

    /// Takes in a change.
    ///
    /// - Parameters:
    ///   - age: the document's; `nil` when it was removed.
    ///   - key: what the document is looked up by now, if anything.
    ///   - answer: made of it, with its size in bytes; `nil` lets an older one leave.
    mutating func apply(
        _ stream: StreamID, age: DocumentAge?, key: String?, answer: (value: Answer, sizeBytes: Int)?
    ) {
        mark(stream, key)
        guard let known = keys[stream].flatMap({ entries.peek($0) }) else { return }
        guard let age else { return remove(stream) }
        guard age > known.age else { return }
        guard let key, key.isExactly(known.key), let answer else { return remove(stream) }
        store(Entry(stream: stream, key: known.key, age: age, answer: answer.value), answer.sizeBytes)
    }

    /// Forgets everything, and what is being read at this moment: changes may have been missed.
    mutating func clear() {
        time += 1
        clearedAt = time
        entries.removeAll()
        keys = [:]
    }

    // MARK: Parts

    /// A change was told: what was read before it is not kept, and its key is nobody else's.
    private mutating func mark(_ stream: StreamID, _ key: String?) {
        time += 1
        lastChange[place(of: stream)] = time
        guard let key else { return }
        lastChange[place(of: key)] = time
        if entries.holds(key), let other = entries.peek(key), other.stream != stream { remove(other.stream) }
    }

    private mutating func store(_ entry: Entry, _ sizeBytes: Int) {
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

    private func place(of stream: StreamID) -> Int { Int(UInt(bitPattern: stream.hashValue) % UInt(lastChange.count)) }

    private func place(of key: String) -> Int { Int(UInt(bitPattern: key.hashValue) % UInt(lastChange.count)) }
}
