// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Testing

@testable import CQRS

@Suite("An outbox queue")
struct OutboxQueueTests {
    private let streams = (0..<4).map { _ in makeStream() }

    private func queue(memory: Int = 100, backlog: Int = 1000) -> OutboxQueue {
        OutboxQueue(memoryLimit: memory, backlogLimit: backlog)
    }

    private func commit(_ number: Int64, _ stream: StreamID, at time: Int64 = 0) -> OutboxCommit {
        var event = RecordedEvent.count(stream, number, adding: 1)
        event.recordedAt = Timestamp(millisecondsSinceEpoch: time)
        return OutboxCommit(sequence: number, commit: Commit(event))
    }

    @Test("numbers appends from 1, and counts as published what is done from the first on without a gap")
    func watermark() throws {
        var queue = queue()
        for number in Int64(1)...4 { #expect(queue.reserve(streams[Int(number) - 1]) == number) }
        for number in Int64(1)...3 { queue.append(commit(number, streams[Int(number) - 1])) }
        #expect(queue.take(maximum: 10).map(\.sequence) == [1, 2, 3])
        queue.confirm(2)
        queue.confirm(3)
        #expect(queue.progress.published == 0)
        queue.confirm(1)
        #expect(queue.progress.published == 3)
        queue.void(4)
        #expect(queue.progress.published == 4)
        #expect(queue.isDrained)
    }

    @Test("offers a stream's commits in order, whichever append ends first, and no more before those are settled")
    func order() {
        var queue = queue()
        for _ in 1...3 { _ = queue.reserve(streams[0]) }
        queue.append(commit(2, streams[0]))
        #expect(queue.take(maximum: 10).isEmpty)
        queue.append(commit(1, streams[0]))
        queue.append(commit(3, streams[0]))
        #expect(queue.take(maximum: 2).map(\.sequence) == [1, 2])
        #expect(queue.take(maximum: 10).isEmpty)
        for number in Int64(1)...2 { queue.fail(number) }
        #expect(queue.take(maximum: 2).map(\.sequence) == [1, 2])
        queue.confirm(1)
        #expect(queue.take(maximum: 10).isEmpty)
        queue.fail(2)
        #expect(queue.take(maximum: 10).map(\.sequence) == [2, 3])
    }

    @Test("offers what is behind an append under way only after it, also when it ends while others are published")
    func blocked() {
        var queue = queue()
        for _ in 1...4 { _ = queue.reserve(streams[0]) }
        for number: Int64 in [1, 2, 4] { queue.append(commit(number, streams[0])) }
        #expect(queue.take(maximum: 10).map(\.sequence) == [1, 2])
        queue.append(commit(3, streams[0]))
        #expect(!queue.hasReady)
        for number in Int64(1)...2 { queue.confirm(number) }
        #expect(queue.take(maximum: 10).map(\.sequence) == [3, 4])
    }

    @Test("sets aside with a commit those of its stream that are in flight behind it, whatever becomes of them")
    func setAsideInFlight() {
        let now = ContinuousClock.now
        var queue = queue()
        for number in Int64(1)...3 {
            _ = queue.reserve(streams[0])
            queue.append(commit(number, streams[0]))
        }
        #expect(queue.take(maximum: 2).map(\.sequence) == [1, 2])
        queue.setAside(1, now: now)
        queue.setAside(2, now: now)
        #expect(queue.setAsideCount == 3)
        #expect(!queue.hasReady)
        #expect(queue.takeSetAside(now: now + .seconds(1), maximum: 9) == [1])
    }

    @Test("lets a stream go on when the append before has failed")
    func void() {
        var queue = queue()
        _ = queue.reserve(streams[0])
        _ = queue.reserve(streams[0])
        queue.append(commit(2, streams[0]))
        #expect(!queue.hasReady)
        queue.void(1)
        #expect(queue.take(maximum: 1).map(\.sequence) == [2])
    }

    @Test("holds a stream back over an append in doubt, until the doubt is over")
    func doubt() {
        var queue = queue()
        _ = queue.reserve(streams[0])
        _ = queue.reserve(streams[1])
        queue.doubt(1, EventPosition(stream: streams[0], version: 1))
        queue.append(commit(2, streams[1]))
        #expect(queue.doubts.map(\.number) == [1])
        #expect(queue.take(maximum: 10).map(\.sequence) == [2])
        queue.confirm(2)
        #expect(queue.progress.published == 0)
        queue.append(commit(1, streams[0]))
        #expect(queue.doubts.isEmpty)
        #expect(queue.take(maximum: 10).map(\.sequence) == [1])
        queue.confirm(1)
        #expect(queue.progress.published == 2)
    }

    @Test("accepts no more than the backlog allows, and again when something is published")
    func backlog() {
        var queue = queue(backlog: 2)
        #expect(queue.reserve(streams[0]) == 1)
        #expect(queue.reserve(streams[1]) == 2)
        #expect(queue.reserve(streams[2]) == nil)
        queue.append(commit(1, streams[0], at: 5))
        queue.append(commit(2, streams[1], at: 9))
        #expect(queue.backlog == 2)
        #expect(queue.oldest == Timestamp(millisecondsSinceEpoch: 5))
        _ = queue.take(maximum: 1)
        queue.confirm(1)
        #expect(queue.oldest == Timestamp(millisecondsSinceEpoch: 9))
        #expect(queue.reserve(streams[2]) == 3)
    }

    @Test("accepts in bulk no more than half of what the backlog allows")
    func bulkBacklog() {
        var queue = OutboxQueue(memoryLimit: 10, backlogLimit: 4)
        #expect(queue.reserve(makeStream(), .bulk) == 1)
        #expect(queue.reserve(makeStream(), .bulk) == 2)
        #expect(queue.reserve(makeStream(), .bulk) == nil)
        #expect(queue.reserve(makeStream()) == 3)
        #expect(queue.reserve(makeStream()) == 4)
        #expect(queue.reserve(makeStream()) == nil)
    }

    @Test("keeps no more in memory than allowed, and reads the rest back in order")
    func spill() {
        var queue = queue(memory: 4)
        let all = (Int64(1)...10).map { commit($0, streams[Int($0) % 4]) }
        for commit in all { _ = queue.reserve(commit.commit.stream) }
        for commit in all { queue.append(commit) }
        #expect(queue.backlog == 10)
        var published: [Int64] = []
        while !queue.isDrained {
            if let after = queue.nextSpill { queue.reload(Array(all.filter { $0.sequence > after }.prefix(3))) }
            let batch = queue.take(maximum: 2)
            #expect(!batch.isEmpty)
            for commit in batch {
                published.append(commit.sequence)
                queue.confirm(commit.sequence)
            }
        }
        #expect(published.sorted() == Array(1...10))
        for stream in 0..<4 {
            let own = published.filter { Int($0) % 4 == stream }
            #expect(own == own.sorted())
        }
        #expect(queue.progress.published == 10)
    }

    @Test("goes on spilling until all is read back, so that nothing overtakes")
    func noOvertaking() {
        var queue = queue(memory: 2)
        for _ in 1...4 { _ = queue.reserve(streams[0]) }
        for number in Int64(1)...3 { queue.append(commit(number, streams[0])) }
        _ = queue.take(maximum: 1)
        queue.confirm(1)
        // There is room, but 3 is still to be read.
        queue.append(commit(4, streams[0]))
        #expect(queue.take(maximum: 10).map(\.sequence) == [2])
        queue.confirm(2)
        #expect(queue.nextSpill == 2)
        queue.reload([commit(3, streams[0]), commit(4, streams[0])])
        #expect(queue.take(maximum: 10).map(\.sequence) == [3, 4])
    }

    @Test("does not spill an event that another of its stream waits behind")
    func parkedFollower() {
        var queue = queue(memory: 1)
        _ = queue.reserve(streams[0])
        _ = queue.reserve(streams[0])
        queue.append(commit(2, streams[0]))
        queue.append(commit(1, streams[0]))
        #expect(queue.nextSpill == nil)
        #expect(queue.take(maximum: 10).map(\.sequence) == [1, 2])
    }

    @Test("sets an event aside with what follows in its stream, while others go on and nothing is kept of them")
    func setAside() throws {
        let start = ContinuousClock.now
        var queue = queue(backlog: 3)
        for number in Int64(1)...2 {
            _ = queue.reserve(streams[0])
            queue.append(commit(number, streams[0]))
        }
        _ = queue.take(maximum: 1)
        queue.setAside(1, now: start)
        #expect(queue.setAsideCount == 2)
        #expect(queue.backlog == 2)
        for number in Int64(3)...100 {
            #expect(queue.reserve(streams[1]) == number)
            queue.append(commit(number, streams[1]))
            #expect(queue.take(maximum: 9).map(\.sequence) == [number])
            queue.confirm(number)
        }
        #expect(queue.progress == RelayProgress(revision: 1, published: 100, setAside: [1, 2]))
        #expect(queue.progress.watermark == 0)
        #expect(queue.isDrained)
        // What comes later joins them.
        #expect(queue.reserve(streams[0]) == 101)
        #expect(queue.reserve(streams[2]) == nil)
        queue.append(commit(101, streams[0]))
        #expect(!queue.hasReady)
        #expect(queue.takeSetAside(now: start, maximum: 9) == [])
        let later = start + .seconds(1)
        #expect(queue.takeSetAside(now: later, maximum: 9) == [1])
        #expect(queue.takeSetAside(now: later, maximum: 9) == [])
        queue.retried(1, .published, now: later)
        #expect(queue.takeSetAside(now: later, maximum: 1) == [2])
        queue.retried(2, nil, now: later)
        // It gets through: the others go with it.
        #expect(queue.takeSetAside(now: later, maximum: 9) == [2, 101])
        for number: Int64 in [2, 101] { queue.retried(number, .published, now: later) }
        #expect(queue.setAsideCount == 0)
        #expect(queue.progress == RelayProgress(revision: 1, published: 101))
    }

    @Test("tries an event that is refused again and again with growing pauses, and all at once when one gets through")
    func pauses() throws {
        var now = ContinuousClock.now
        var queue = queue()
        for number in Int64(1)...2 {
            _ = queue.reserve(streams[Int(number)])
            queue.append(commit(number, streams[Int(number)]))
        }
        _ = queue.take(maximum: 2)
        for number in Int64(1)...2 { queue.setAside(number, now: now) }
        for _ in 1...10 {
            let due = try #require(queue.nextSetAsideDue)
            #expect(due > now)
            now += .seconds(60)
            #expect(queue.takeSetAside(now: now, maximum: 9) == [1, 2])
            for number in Int64(1)...2 { queue.retried(number, .refused(CancellationError()), now: now) }
        }
        let due = try #require(queue.nextSetAsideDue)
        #expect(due - now >= .seconds(30))
        #expect(queue.takeSetAside(now: due, maximum: 1).count == 1)
        let tried: Int64 = queue.takeSetAside(now: due + .seconds(60), maximum: 9) == [1] ? 2 : 1
        queue.retried(3 - tried, .refused(CancellationError()), now: due)
        #expect(queue.takeSetAside(now: due, maximum: 9).isEmpty)
        queue.retried(tried, .published, now: due + .seconds(1))
        #expect(queue.takeSetAside(now: due + .seconds(1), maximum: 9) == [3 - tried])
    }

    @Test("tries one commit of a stream that does not get through, and pauses once for all that were tried with it")
    func refusedAgain() throws {
        var now = ContinuousClock.now
        var queue = queue()
        for number in Int64(1)...4 {
            _ = queue.reserve(streams[0])
            queue.append(commit(number, streams[0]))
        }
        _ = queue.take(maximum: 1)
        queue.setAside(1, now: now)
        now += .seconds(60)
        #expect(queue.takeSetAside(now: now, maximum: 9) == [1])
        queue.retried(1, .published, now: now)
        #expect(queue.takeSetAside(now: now, maximum: 9) == [2, 3, 4])
        queue.retried(2, .published, now: now)
        for number in Int64(3)...4 { queue.retried(number, .refused(CancellationError()), now: now) }
        let pause = try #require(queue.nextSetAsideDue) - now
        #expect(pause < .seconds(3))
        #expect(queue.takeSetAside(now: now + pause, maximum: 9) == [3])
    }

    @Test("does not let an event that is set aside overtake an append of its stream that is in doubt before it")
    func heldUp() {
        let now = ContinuousClock.now
        var queue = queue()
        for _ in 1...3 { _ = queue.reserve(streams[0]) }
        queue.append(commit(1, streams[0]))
        queue.doubt(2, commit(2, streams[0]).commit.first.position)
        queue.append(commit(3, streams[0]))
        _ = queue.take(maximum: 1)
        queue.setAside(1, now: now)
        let later = now + .seconds(60)
        #expect(queue.takeSetAside(now: later, maximum: 9) == [1])
        queue.retried(1, .published, now: later)
        #expect(queue.takeSetAside(now: later, maximum: 9) == [])
        #expect(queue.nextSetAsideDue == nil)
        queue.append(commit(2, streams[0]))
        #expect(queue.take(maximum: 9).map(\.sequence) == [2])
        queue.confirm(2)
        #expect(queue.takeSetAside(now: later, maximum: 9) == [3])
    }

    @Test("keeps one that is refused although those behind it are set aside already, and publishes it before them")
    func refusedBefore() {
        let now = ContinuousClock.now
        let later = now + .seconds(60)
        var queue = queue()
        for _ in 1...3 { _ = queue.reserve(streams[0]) }
        queue.append(commit(1, streams[0]))
        queue.doubt(2, commit(2, streams[0]).commit.first.position)
        queue.append(commit(3, streams[0]))
        _ = queue.take(maximum: 1)
        queue.setAside(1, now: now)
        #expect(queue.takeSetAside(now: later, maximum: 9) == [1])
        queue.retried(1, .published, now: later)
        queue.append(commit(2, streams[0]))
        #expect(queue.take(maximum: 9).map(\.sequence) == [2])
        queue.setAside(2, now: later)
        #expect(queue.setAsideCount == 2)
        #expect(queue.isDrained)
        #expect(queue.progress == RelayProgress(revision: 1, published: 3, setAside: [2, 3]))
        for number in Int64(2)...3 {
            #expect(queue.takeSetAside(now: later + .seconds(60), maximum: 9) == [number])
            queue.retried(number, .published, now: later + .seconds(60))
        }
        #expect(queue.progress == RelayProgress(revision: 1, published: 3))
        #expect(queue.isDrained)
    }

    @Test("does not let what is read back overtake an append that ends meanwhile", arguments: [true, false])
    func readingBack(isSetAside: Bool) {
        let now = ContinuousClock.now
        let later = now + .seconds(60)
        var queue = queue(memory: 1)
        // Stream 0: perhaps one that is set aside, then one under way, then one that finds no room.
        for stream in [0, 1, 0, 0] { _ = queue.reserve(streams[stream]) }
        if isSetAside {
            queue.append(commit(1, streams[0]))
            _ = queue.take(maximum: 1)
            queue.setAside(1, now: now)
        } else {
            queue.void(1)
        }
        queue.append(commit(2, streams[1]))
        if isSetAside {
            _ = queue.reserve(streams[2])
            queue.append(commit(5, streams[2]))
        } else {
            queue.append(commit(4, streams[0]))
        }
        for commit in queue.take(maximum: 1) { queue.confirm(commit.sequence) }
        guard let after = queue.nextSpill else { return #expect(Bool(false), "nothing to read back") }
        queue.beginReading(after: after)
        queue.append(commit(3, streams[0]))
        let store = [commit(3, streams[0]), commit(4, streams[0]), commit(5, streams[2])]
        if isSetAside { queue.append(commit(4, streams[0])) }
        queue.reload(store.filter { $0.sequence > after })
        var published: [Int64] = []
        for _ in 0..<20 {
            for commit in queue.take(maximum: 1) {
                published.append(commit.sequence)
                queue.confirm(commit.sequence)
            }
            for number in queue.takeSetAside(now: later, maximum: 9) {
                published.append(number)
                queue.retried(number, .published, now: later)
            }
            if let after = queue.nextSpill {
                queue.beginReading(after: after)
                queue.reload(store.filter { $0.sequence > after })
            }
        }
        #expect(published.filter { [1, 3, 4].contains($0) } == (isSetAside ? [1, 3, 4] : [3, 4]))
        #expect(queue.isDrained)
    }

    @Test("nor an append in doubt that is found while there is no room in memory", arguments: [true, false])
    func heldUpWithoutRoom(isFirstPublished: Bool) {
        let now = ContinuousClock.now
        let later = now + .seconds(60)
        var queue = queue(memory: 2)
        for number in Int64(1)...6 { _ = queue.reserve(streams[number < 4 ? 0 : 1]) }
        queue.append(commit(1, streams[0]))
        queue.doubt(2, commit(2, streams[0]).commit.first.position)
        queue.append(commit(3, streams[0]))
        _ = queue.take(maximum: 1)
        queue.setAside(1, now: now)
        // Others fill the memory, and one is to be read back.
        for number in Int64(4)...6 { queue.append(commit(number, streams[1])) }
        #expect(queue.nextSpill == nil)
        if isFirstPublished {
            #expect(queue.takeSetAside(now: later, maximum: 9) == [1])
            queue.retried(1, .published, now: later)
        }
        queue.append(commit(2, streams[0]))
        var published: [Int64] = isFirstPublished ? [1] : []
        for _ in 0..<20 {
            for number in queue.takeSetAside(now: later, maximum: 9) {
                published.append(number)
                queue.retried(number, .published, now: later)
            }
            for commit in queue.take(maximum: 1) {
                published.append(commit.sequence)
                queue.confirm(commit.sequence)
            }
            if let after = queue.nextSpill {
                queue.reload([commit(2, streams[0]), commit(6, streams[1])].filter { $0.sequence > after })
            }
        }
        #expect(published.filter { $0 < 4 } == [1, 2, 3])
        #expect(queue.isDrained)
    }

    @Test("knows that a doubt can be decided once its version, or a later one, is there")
    func decidable() {
        var queue = queue()
        for _ in 1...3 { _ = queue.reserve(streams[0]) }
        queue.doubt(1, EventPosition(stream: streams[0], version: 5))
        queue.doubt(2, EventPosition(stream: streams[0], version: 7))
        #expect(queue.doubts.map(\.isDecidable) == [false, false])
        queue.taken(EventPosition(stream: streams[1], version: 9))
        queue.taken(EventPosition(stream: streams[0], version: 4))
        #expect(queue.doubts.map(\.isDecidable) == [false, false])
        queue.taken(EventPosition(stream: streams[0], version: 6))
        #expect(queue.doubts.map(\.isDecidable) == [true, false])
    }

    @Test("publishes everything exactly once per stream order under random schedules", arguments: 0..<50)
    func random(seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        var queue = queue(memory: Int.random(in: 1...8, using: &random), backlog: 40)
        var store: [Int64: OutboxCommit] = [:]
        var underWay: [Int64: StreamID] = [:]
        var flying: [[OutboxCommit]] = []
        var retrying: [[Int64]] = []
        var now = ContinuousClock.now
        var done: [StreamID: [Int64]] = [:]
        for step in 0..<2000 {
            let isEnding = step > 1500
            now += .milliseconds(100)
            switch Int.random(in: isEnding ? 1...7 : 0...7, using: &random) {
            case 0:
                let stream = streams[Int.random(in: 0..<4, using: &random)]
                // A stream's next append begins when the one before is in the store.
                guard !underWay.values.contains(stream), let number = queue.reserve(stream) else { continue }
                underWay[number] = stream
            case 1:
                guard let (number, stream) = underWay.randomElement(using: &random) else { continue }
                underWay[number] = nil
                if Bool.random(using: &random) {
                    store[number] = commit(number, stream)
                    if Bool.random(using: &random) { queue.doubt(number, commit(number, stream).commit.first.position) }
                    queue.append(commit(number, stream))
                } else {
                    queue.void(number)
                }
            case 2: flying.append(queue.take(maximum: 4))
            case 3, 4:
                guard !flying.isEmpty else { continue }
                let batch = flying.remove(at: Int.random(in: flying.indices, using: &random))
                let answers: [PublishOutcome] = batch.map { _ in
                    switch Int.random(in: 0..<8, using: &random) {
                    case 0: .unavailable(CancellationError())
                    case 1: .refused(CancellationError())
                    default: .published
                    }
                }
                for (commit, outcome) in zip(batch, batch.outcomes(answers)) {
                    switch outcome {
                    case .published:
                        queue.confirm(commit.sequence)
                        done[commit.commit.stream, default: []].append(commit.sequence)
                    case .unavailable: queue.fail(commit.sequence)
                    case .refused: queue.setAside(commit.sequence, now: now)
                    }
                }
            case 5:
                retrying.append(queue.takeSetAside(now: now, maximum: 3))
            case 6:
                guard !retrying.isEmpty else { continue }
                let numbers = retrying.removeFirst()
                let batch = numbers.compactMap { store[$0] }
                let answers: [PublishOutcome] = batch.map { _ in
                    switch Int.random(in: 0..<6, using: &random) {
                    case 0: .unavailable(CancellationError())
                    case 1: .refused(CancellationError())
                    default: .published
                    }
                }
                for (commit, outcome) in zip(batch, batch.outcomes(answers)) {
                    queue.retried(commit.sequence, outcome, now: now)
                    if outcome.isPublished { done[commit.commit.stream, default: []].append(commit.sequence) }
                }
            default:
                guard let after = queue.nextSpill else { continue }
                queue.reload(store.values.filter { $0.sequence > after }.sorted { $0.sequence < $1.sequence })
            }
        }
        for number in underWay.keys { queue.void(number) }
        var rounds = 0
        for number in retrying.joined() { queue.retried(number, nil, now: now) }
        while !queue.isDrained || queue.setAsideCount > 0, rounds < 1000 {
            rounds += 1
            now += .seconds(60)
            for number in queue.takeSetAside(now: now, maximum: 9) {
                queue.retried(number, .published, now: now)
                done[try #require(store[number]).commit.stream, default: []].append(number)
            }
            flying.append(queue.take(maximum: 10))
            for commit in flying.joined() {
                queue.confirm(commit.sequence)
                done[commit.commit.stream, default: []].append(commit.sequence)
            }
            flying = []
            if let after = queue.nextSpill {
                queue.reload(store.values.filter { $0.sequence > after }.sorted { $0.sequence < $1.sequence })
            }
        }
        #expect(queue.isDrained)
        #expect(queue.setAsideCount == 0)
        #expect(queue.progress == RelayProgress(revision: 1, published: queue.lastNumber))
        #expect(done.values.flatMap { $0 }.sorted() == store.keys.sorted())
        for numbers in done.values { #expect(numbers == numbers.sorted()) }
    }
}

extension OutboxQueue {
    fileprivate var progress: RelayProgress { progress(revision: 1) }
}

/// SplitMix64: the same numbers on every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
