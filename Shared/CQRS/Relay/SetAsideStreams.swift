// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// The streams whose next commit cannot be published for a reason of its own: no queue takes it, or the broker refuses it.
///
/// They wait, each with all that follows, with pauses that grow; everybody else goes on. Only numbers are kept here: when a
/// stream's time has come its first commit is read from the store again.
struct SetAsideStreams {
    typealias Instant = ContinuousClock.Instant

    private struct Waiting {
        /// The numbers of its commits, in order. The first is the one that cannot be published.
        var numbers: [Int64]
        var pauses: Backoff
        var failedAt: Instant
        /// When to try the first again, unless something changes before.
        var until: Instant
        var isTried = false
        /// Whether the last one that was tried was published: then those behind it will be, too.
        var isGettingThrough = false

        /// - Returns: `false` when it is there already.
        mutating func insert(_ number: Int64) -> Bool {
            guard !numbers.contains(number) else { return false }
            numbers.insert(number, at: numbers.firstIndex { $0 > number } ?? numbers.endIndex)
            return true
        }
    }

    private let pauses: ClosedRange<Duration>
    private var streams: [StreamID: Waiting] = [:]
    /// When one of them was published after all: what was wrong with it may have been wrong with the others.
    private var succeededAt: Instant?
    /// How many commits wait.
    private(set) var count = 0

    /// - Parameter pauses: the shortest pause before a commit is tried again, more than zero, and the longest.
    init(pauses: ClosedRange<Duration>) { self.pauses = pauses }

    /// The first of a stream's numbers; `nil` for a stream that does not wait.
    func first(of stream: StreamID) -> Int64? { streams[stream]?.numbers.first }

    /// The last of a stream's numbers; `nil` for a stream that does not wait.
    func last(of stream: StreamID) -> Int64? { streams[stream]?.numbers.last }

    /// The lowest number.
    var lowest: Int64? { streams.values.lazy.compactMap(\.numbers.first).min() }

    /// All numbers, in order.
    var numbers: [Int64] { streams.values.flatMap(\.numbers).sorted() }

    /// A stream's next commit could not be published; it waits from now on, or for longer.
    ///
    /// It may be one that the stream did not wait with so far: an append that ended after others behind it were set aside.
    mutating func fail(_ number: Int64, of stream: StreamID, now: Instant) {
        var waiting =
            streams[stream]
            ?? Waiting(
                numbers: [], pauses: Backoff(from: pauses.lowerBound, to: pauses.upperBound), failedAt: now, until: now)
        if waiting.insert(number) { count += 1 }
        waiting.isTried = false
        waiting.isGettingThrough = false
        waiting.failedAt = now
        waiting.until = now + waiting.pauses.next()
        streams[stream] = waiting
    }

    /// A commit follows in a stream that waits.
    mutating func add(_ number: Int64, to stream: StreamID) {
        if streams[stream]?.insert(number) == true { count += 1 }
    }

    /// A stream's first commit was not tried, for a reason that has nothing to do with it.
    mutating func putBack(_ stream: StreamID) { streams[stream]?.isTried = false }

    /// A stream's first commit is published: the next one is due at once, and so is everybody else's.
    mutating func succeed(_ stream: StreamID, now: Instant) {
        guard var waiting = streams.removeValue(forKey: stream) else { return }
        waiting.numbers.removeFirst()
        count -= 1
        succeededAt = now
        guard !waiting.numbers.isEmpty else { return }
        waiting.isTried = false
        waiting.isGettingThrough = true
        waiting.until = now
        streams[stream] = waiting
    }

    /// The numbers to try now, in order: the first of a stream, or several once it gets through. They are not given out again
    /// before something is said of them.
    ///
    /// - Parameter isHeldUp: whether a number has to wait for another one of its stream.
    mutating func takeDue(now: Instant, maximum: Int, isHeldUp: (StreamID, Int64) -> Bool) -> [Int64] {
        var due: [Int64] = []
        var tried: [StreamID] = []
        for (stream, waiting) in streams where !waiting.isTried && instant(of: waiting) <= now {
            guard due.count < maximum else { break }
            let numbers = waiting.numbers.prefix(waiting.isGettingThrough ? maximum - due.count : 1)
                .prefix { !isHeldUp(stream, $0) }
            guard !numbers.isEmpty else { continue }
            due += numbers
            tried.append(stream)
        }
        for stream in tried { streams[stream]?.isTried = true }
        return due.sorted()
    }

    /// When the next commit is due; `nil` when none waits for its time.
    func nextDue(isHeldUp: (StreamID, Int64) -> Bool) -> Instant? {
        var next: Instant?
        for (stream, waiting) in streams where !waiting.isTried {
            guard let first = waiting.numbers.first, !isHeldUp(stream, first) else { continue }
            next = min(next ?? instant(of: waiting), instant(of: waiting))
        }
        return next
    }

    private func instant(of waiting: Waiting) -> Instant {
        if let succeededAt, waiting.failedAt < succeededAt { return succeededAt }
        return waiting.until
    }
}
