// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import CQRS
@testable import CQRSServing

@Suite("The log of a feed")
struct ChangeLogTests {
    private func position(_ number: Int, generation: Int = 1) throws -> FeedPosition {
        let digits = String(number, radix: 16, uppercase: true)
        return try #require(
            FeedPosition(generation: generation, place: String(repeating: "0", count: 8 - digits.count) + digits))
    }

    private func log(capacityBytes: Int = 1 << 20, _ numbers: some Sequence<Int>) throws -> ChangeLog<Int> {
        var log = ChangeLog<Int>(from: try position(0), capacityBytes: capacityBytes)
        for number in numbers { log.append((number, 100), at: try position(number)) }
        return log
    }

    @Test("gives what is behind a position, so many at a time, wherever the position is")
    func lines() throws {
        let log = try log(stride(from: 10, through: 100, by: 10))
        var (found, end) = log.lines(after: try position(0), limit: 4)
        #expect(found == [10, 20, 30, 40])
        #expect(try end == position(40))
        // Between two changes, as a position from a quiet moment is.
        (found, end) = log.lines(after: try position(45), limit: 4)
        #expect(found == [50, 60, 70, 80])
        (found, end) = log.lines(after: try position(80), limit: 4)
        #expect(found == [90, 100])
        #expect(try end == position(100))
        (found, end) = log.lines(after: end, limit: 4)
        #expect(found == [])
        (found, end) = log.lines(after: try position(2000), limit: 4)
        #expect(found == [])
        #expect(try end == position(2000))
    }

    @Test("moves readers on behind changes that nobody is told of")
    func hidden() throws {
        var log = try log([10, 20])
        log.append(nil, at: try position(30))
        let (found, end) = log.lines(after: try position(10), limit: 4)
        #expect(found == [20])
        #expect(try end == position(30))
        #expect(log.count == 2)
    }

    @Test("keeps within its bytes and knows where it begins")
    func bound() throws {
        let log = try log(capacityBytes: 10_000, 1...1000)
        #expect(log.bytes <= 10_000)
        #expect((10...100).contains(log.count))
        let first = 1000 - log.count
        #expect(try log.start == position(first))
        #expect(try log.covers(position(first)))
        #expect(try !log.covers(position(first - 1)))
        #expect(try !log.covers(position(1000, generation: 2)))
        let (found, _) = log.lines(after: log.start, limit: 1000)
        #expect(found == Array((first + 1)...1000))
    }

    @Test("without room still knows where it ends")
    func noRoom() throws {
        let log = try log(capacityBytes: 0, 1...3)
        #expect(log.count == 0)
        #expect(try log.start == position(3))
        #expect(log.end == log.start)
    }
}
