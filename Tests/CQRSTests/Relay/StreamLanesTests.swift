// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Testing

@testable import CQRS

@Suite("Lanes of commits")
struct StreamLanesTests {
    private let streams = (0..<2).map { _ in makeStream() }
    private var lanes = StreamLanes()

    private func commit(_ number: Int64, _ lane: Int = 0) -> OutboxCommit {
        OutboxCommit(sequence: number, commit: Commit(RecordedEvent.count(streams[lane], number, adding: 1)))
    }

    /// Has appends end with these numbers, all of the first stream.
    private mutating func add(_ numbers: ClosedRange<Int64>) {
        for number in numbers {
            lanes.expect(number, of: streams[0])
            lanes.add(commit(number))
        }
    }

    private mutating func take(_ maximum: Int = 100) -> [Int64] { lanes.take(maximum: maximum).map(\.sequence) }

    @Test("give out nothing behind what is expected, until it comes or is known not to", arguments: [true, false])
    mutating func expected(comes: Bool) {
        lanes.expect(1, of: streams[0])
        add(2...3)
        #expect(take() == [])
        if comes { lanes.add(commit(1)) } else { lanes.remove(1, of: streams[0]) }
        #expect(take() == (comes ? [1, 2, 3] : [2, 3]))
    }

    @Test("take in at its place what was not expected")
    mutating func insertion() {
        add(3...4)
        lanes.insert(commit(2))
        #expect(take() == [2, 3, 4])
    }

    @Test("give out what somebody waits for first, with a sixteenth of a batch of what was sent in bulk")
    mutating func urgency() {
        add(bulk: 1...12)
        add(single: 13)
        #expect(take(32) == [13, 1, 2])
        lanes.giveBack(1)
        #expect(take(32) == Array(3...10))
        #expect(take(32) == [11, 12, 1])
        #expect(!lanes.hasReady)
    }

    @Test("keep a part of a batch for what was sent in bulk, however much somebody waits for")
    mutating func bulkShare() {
        add(bulk: 1...1)
        for number in Int64(2)...10 { add(single: number) }
        #expect(take(4) == [2, 3, 4, 1])
        #expect(take(4) == [5, 6, 7, 8])
        #expect(take(1) == [9])
    }

    private mutating func add(bulk numbers: ClosedRange<Int64>) {
        for number in numbers { add(number, .bulk) }
    }

    private mutating func add(single number: Int64) { add(number, .single) }

    /// Adds a commit of a stream of its own.
    private mutating func add(_ number: Int64, _ urgency: AppendUrgency) {
        let stream = makeStream()
        lanes.expect(number, of: stream, urgency)
        lanes.add(OutboxCommit(sequence: number, commit: Commit(RecordedEvent.count(stream, number, adding: 1))))
    }

    @Test("give out others before what was given back")
    mutating func giveBack() {
        add(1...1)
        #expect(take() == [1])
        lanes.expect(2, of: streams[1])
        lanes.add(commit(2, 1))
        lanes.giveBack(1)
        #expect(take(1) == [2])
        #expect(take(1) == [1])
    }

    @Test("keep nothing but appends under way of a stream that is cleared")
    mutating func clear() {
        add(1...3)
        lanes.expect(4, of: streams[0])
        #expect(take(2) == [1, 2])
        let left = lanes.clear(from: 1)
        #expect(left?.stream == streams[0])
        #expect(left?.numbers == [1, 2, 3])
        #expect(lanes.commitCount == 0)
        #expect(Array(lanes.numbers(of: streams[0])) == [4])
        #expect(lanes.finish(2) == false)
        lanes.add(commit(4))
        #expect(take() == [4])
    }
}
