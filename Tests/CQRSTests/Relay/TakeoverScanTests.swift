// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Testing

@testable import CQRS

@Suite("A take-over's scan")
struct TakeoverScanTests {
    private let start = ContinuousClock.now

    private func scan(behind published: Int64 = 0) -> TakeoverScan {
        let takeover = Takeover(
            writer: WriterID(), progress: RelayProgress(published: published), token: UUIDv7(at: .now()))
        return TakeoverScan(takeover, settleTime: .seconds(15))
    }

    private func events(_ numbers: some Sequence<Int64>) -> [OutboxCommit] {
        numbers.map { OutboxCommit(sequence: $0, commit: .count(makeStream(), 1, adding: 1)) }
    }

    @Test("gives each event once, page by page, and then looks from the beginning again")
    func pages() {
        var scan = scan(behind: 5)
        let all = events([6, 7, 9, 12])
        #expect(scan.position == 5)
        #expect(scan.take(Array(all[..<2]), isLast: false).map(\.sequence) == [6, 7])
        #expect(scan.position == 7)
        #expect(scan.take(Array(all[2...]), isLast: true).map(\.sequence) == [9, 12])
        #expect(scan.position == 5)
        #expect(scan.take(all, isLast: true).isEmpty)
    }

    @Test("finds an event that arrives late, however many numbers behind")
    func late() {
        var scan = scan()
        _ = scan.take(events(2...40_000), isLast: true)
        #expect(scan.take(events(1...40_000), isLast: true).map(\.sequence) == [1])
    }

    @Test("is settled when a look that began long enough after the first quiet one has nothing new")
    func settled() {
        var scan = scan()
        _ = scan.take(events([1]), isLast: true, now: start)
        _ = scan.take(events([1]), isLast: true, now: start + .seconds(1))
        _ = scan.take(events([1]), isLast: true, now: start + .seconds(15))
        #expect(!scan.isSettled)
        _ = scan.take(events([1, 2]), isLast: true, now: start + .seconds(20))
        #expect(!scan.isSettled)
        _ = scan.take(events([1, 2]), isLast: true, now: start + .seconds(21))
        _ = scan.take(events([1, 2]), isLast: true, now: start + .seconds(36))
        #expect(scan.isSettled)
    }
}
