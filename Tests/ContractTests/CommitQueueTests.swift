// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import MongoDB
import Testing

@testable import CQRSMongoDB

/// When bulks go out, and with what.
@Suite("Bulks of appends")
struct CommitQueueTests {
    private typealias Queue = CommitQueue<Int>

    private let start = ContinuousClock.now
    private static let limits = Queue.Limits(
        appends: 100, bulk: 4, bulks: 2, few: 0, patience: .milliseconds(250))
    private var queue = Queue(limits: limits)

    private func later(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    private func entry(_ waiter: Int, _ urgency: AppendUrgency = .single) -> Queue.Entry {
        let document = NewDocument(id: "\(waiter)", token: "", urgency: urgency, document: BSONDocument())
        return Queue.Entry(document: document, deadline: later(1000), waiter: waiter)
    }

    private mutating func add(_ waiters: Int...) {
        for waiter in waiters {
            let isAdded = queue.add(entry(waiter))
            #expect(isAdded)
        }
    }

    /// Whom the one who appends commits for, if at once.
    private mutating func lead(_ waiter: Int, at milliseconds: Int = 0) -> [Int]? {
        queue.lead(entry(waiter), now: later(milliseconds))?.bulk.map(\.waiter)
    }

    private mutating func allowFew() {
        var limits = Self.limits
        (limits.few, limits.bulks) = (2, 3)
        queue = Queue(limits: limits)
    }

    /// What the queue says to do, in short.
    private mutating func next(at milliseconds: Int = 0) -> String {
        switch queue.next(now: later(milliseconds)).next {
        case .commit(let bulk): "commit \(bulk.map(\.waiter))"
        case .pause(let end): "pause \((end - start) / .milliseconds(1))"
        case .wait: "wait"
        case .end: "end"
        }
    }

    @discardableResult
    private mutating func finish(_ count: Int, isFailure: Bool = false, at milliseconds: Int) -> [Int] {
        finish((0..<count).map { entry($0) }, isFailure: isFailure, at: milliseconds)
    }

    private mutating func finish(_ bulk: [Queue.Entry], isFailure: Bool = false, at milliseconds: Int) -> [Int] {
        queue.finish(bulk, again: [], isFailure: isFailure, now: later(milliseconds)).map(\.waiter)
    }

    /// Lines of imports.
    private mutating func addLines(_ waiters: ClosedRange<Int>) {
        for waiter in waiters {
            let isAdded = queue.add(entry(waiter, .bulk))
            #expect(isAdded)
        }
    }

    /// Ends a bulk of lines.
    private mutating func finishLines(_ count: Int, at milliseconds: Int) {
        _ = finish((0..<count).map { entry($0, .bulk) }, at: milliseconds)
    }

    @Test("With nothing under way an append goes at once and alone")
    mutating func alone() {
        #expect(next() == "wait")
        add(1)
        #expect(next() == "commit [1]")
        finish(1, at: 5)
        add(2)
        #expect(next(at: 5) == "commit [2]")
    }

    @Test("What comes in while a bulk is under way is the next bulk")
    mutating func gatherWhileUnderWay() {
        add(1)
        #expect(next() == "commit [1]")
        add(2, 3)
        #expect(!queue.isDue(at: start))
        #expect(next() == "wait")
        finish(1, at: 5)
        #expect(next(at: 5) == "commit [2, 3]")
    }

    @Test("A full bulk goes out beside another one, up to the limit")
    mutating func fullBulk() {
        add(1)
        #expect(next() == "commit [1]")
        add(2, 3, 4, 5, 6, 7, 8, 9, 10)
        #expect(queue.isDue(at: start))
        #expect(next() == "commit [2, 3, 4, 5]")
        #expect(!queue.isDue(at: start))
        #expect(next() == "wait")
        finish(4, at: 5)
        #expect(next(at: 5) == "commit [6, 7, 8, 9]")
    }

    @Test("Beside a bulk that takes too long the others go out, up to the limit")
    mutating func overdue() {
        add(1)
        #expect(next() == "commit [1]")
        add(2)
        #expect(next(at: 250) == "wait")
        #expect(next(at: 251) == "commit [2]")
        add(3)
        #expect(next(at: 900) == "wait")
        finish(1, at: 901)
        #expect(next(at: 901) == "commit [3]")
    }

    @Test("As long as there are few, appends go out beside others, up to the limit of bulks")
    mutating func few() {
        allowFew()
        add(1)
        #expect(next() == "commit [1]")
        add(2)
        #expect(queue.isDue(at: start))
        #expect(next() == "commit [2]")
        add(3)
        #expect(!queue.isDue(at: start))
        #expect(next() == "wait")
        finish(1, at: 5)
        #expect(next(at: 5) == "commit [3]")
        finish(1, at: 6)
        add(4, 5)
        #expect(next(at: 6) == "wait")
        finish(1, at: 7)
        #expect(next(at: 7) == "commit [4, 5]")
    }

    @Test("Who appends when a bulk is due commits it, with those who wait before")
    mutating func leading() {
        #expect(lead(1) == [1])
        #expect(lead(2) == nil)
        add(2, 3)
        finish(1, at: 5)
        #expect(lead(4, at: 5) == [2, 3, 4])
        finish(3, at: 10)
        #expect(lead(5, at: 10) == [5])
    }

    @Test("Nobody commits a bulk that has no room for the own append, or that is not due")
    mutating func notLeading() {
        add(1, 2, 3, 4)
        #expect(lead(5) == nil)
        #expect(next() == "commit [1, 2, 3, 4]")
        finish(4, isFailure: true, at: 5)
        #expect(lead(6, at: 6) == nil)
        queue.close()
        #expect(lead(6, at: 900) == nil)
    }

    @Test("What is to be tried again after the end is told so instead")
    mutating func abandoned() {
        #expect(lead(1) == [1])
        #expect(queue.drain().isEmpty)
        let expired = queue.finish([entry(1)], again: [entry(1)], isFailure: true, now: later(5))
        #expect(expired.map(\.waiter) == [1])
        #expect(next(at: 900) == "end")
    }

    @Test("After a failure even a full bulk waits")
    mutating func pausing() {
        add(1)
        #expect(next() == "commit [1]")
        finish(1, isFailure: true, at: 5)
        add(2, 3, 4, 5)
        #expect(next(at: 5).hasPrefix("pause"))
        #expect(next(at: 500) == "commit [2, 3, 4, 5]")
    }

    @Test("Those whose time is over are told so instead of being sent")
    mutating func expiring() {
        add(1, 2)
        let (next, expired) = queue.next(now: later(1000))
        guard case .pause = next else {
            Issue.record("something was sent")
            return
        }
        #expect(expired.map(\.waiter) == [1, 2])
    }

    @Test("A closed queue ends when everything is done")
    mutating func closing() {
        add(1)
        queue.close()
        #expect(next() == "commit [1]")
        #expect(next() == "wait")
        finish(1, at: 5)
        #expect(queue.isDue(at: start))
        #expect(next(at: 5) == "end")
    }

    // MARK: Imports

    @Test("A command goes before all lines of imports, in the first bulk that goes out")
    mutating func singlesFirst() {
        addLines(1...2)
        #expect(next() == "commit [1, 2]")
        addLines(3...9)
        add(10)
        #expect(next() == "commit [10, 3, 4, 5]")
    }

    @Test("A command does not wait for bulks of lines, which leave a place for it")
    mutating func besideLines() {
        addLines(1...8)
        #expect(next() == "commit [1, 2, 3, 4]")
        #expect(next() == "wait")
        #expect(lead(9) == [9, 5, 6, 7])
    }

    @Test("A command waits for one bulk of lines at most: the one that another command is in")
    mutating func behindOne() {
        var limits = Self.limits
        limits.bulks = 4
        queue = Queue(limits: limits)
        addLines(1...20)
        #expect(next() == "commit [1, 2, 3, 4]")
        #expect(next() == "commit [5, 6, 7, 8]")
        #expect(next() == "commit [9, 10, 11, 12]")
        #expect(next() == "wait")
        #expect(lead(21) == [21, 13, 14, 15])
        add(22)
        #expect(next() == "wait")
        _ = finish([entry(21), entry(13, .bulk), entry(14, .bulk), entry(15, .bulk)], at: 5)
        #expect(next(at: 6) == "commit [22, 16, 17, 18]")
    }

    @Test("Lines gather beside each other as commands do")
    mutating func linesGather() {
        addLines(1...1)
        #expect(next() == "commit [1]")
        addLines(2...3)
        #expect(next() == "wait")
        finishLines(1, at: 5)
        #expect(next(at: 5) == "commit [2, 3]")
    }
}
