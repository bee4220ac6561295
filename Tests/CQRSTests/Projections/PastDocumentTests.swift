// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import TestSupport
import Testing

@testable import CQRS
@testable import CQRSServing

@Suite("A snapshot of a stream", .timeLimit(.minutes(1)))
struct PastDocumentTests {
    private let stream = makeStream()

    private func snapshot(
        of events: [RecordedEvent], at moment: HistoryMoment
    ) async throws -> PastDocument<CountProjection> {
        try await PastDocument(of: stream, at: moment, in: ListedHistory(events: events))
    }

    /// Events a second apart: number `v` adds `v` in second `v`.
    private func events(through last: Int64) -> [RecordedEvent] {
        makeHistory(of: stream, through: last).map { event in
            var event = event
            event.recordedAt = second(event.version)
            return event
        }
    }

    private func second(_ number: Int64) -> Timestamp { Timestamp(millisecondsSinceEpoch: 1000 * number) }

    @Test(
        "shows the document at a version, through any number of pages", arguments: [1, 2, 499, 500, 501, 1000, 1300])
    func versions(version: Int64) async throws {
        let last = max(version, 1001)
        let snapshot = try await snapshot(of: events(through: last), at: .version(version))
        #expect(snapshot.document == Count(total: Int(version * (version + 1) / 2), version: version))
        #expect(snapshot.version == version)
    }

    @Test("shows nothing before the first event, and nothing of a stream without events")
    func nothing() async throws {
        #expect(try await snapshot(of: events(through: 2), at: .version(0)).document == nil)
        let empty = try await snapshot(of: [], at: .version(3))
        #expect(empty.document == nil)
        #expect(empty.version == 0)
    }

    @Test("shows the last version for one that does not exist yet")
    func beyond() async throws {
        let snapshot = try await snapshot(of: events(through: 3), at: .version(4))
        #expect(snapshot.document?.version == 3)
        #expect(snapshot.version == 3)
    }

    @Test(
        "shows what had been recorded by a time, to the millisecond",
        arguments: [(999, nil), (1000, 1), (1999, 1), (2000, 2), (3000, 3), (9_000_000, 3)] as [(Int64, Int64?)])
    func times(milliseconds: Int64, version: Int64?) async throws {
        let time = Timestamp(millisecondsSinceEpoch: milliseconds)
        #expect(try await snapshot(of: events(through: 3), at: .time(time)).document?.version == version)
    }

    @Test("ends before the first event recorded later, even if the clock of the next went behind")
    func skew() async throws {
        var events = events(through: 3)
        events[1].recordedAt = second(5)
        #expect(try await snapshot(of: events, at: .time(second(4))).document?.version == 1)
        #expect(try await snapshot(of: events, at: .time(second(5))).document?.version == 3)
    }

    @Test("fails at what cannot be applied, and shows what was before")
    func stop() async throws {
        var events = events(through: 4)
        events[2] = .count(stream, 3, adding: -1)
        let before = try await snapshot(of: events, at: .version(2))
        #expect(before.document?.version == 2)
        for version: Int64 in [3, 4, 5] {
            await #expect(throws: MalformedEvent.self) { try await snapshot(of: events, at: .version(version)) }
        }
    }

    @Test("reads no more of a stream than the moment needs, in pages of bounded size", arguments: [1, 30, 1200])
    func cost(version: Int64) async throws {
        let history = MeasuredHistory(events: events(through: 2000))
        _ = try await PastDocument<CountProjection>(of: stream, at: .version(version), in: history)
        #expect(history.pages.all.reduce(0, +) == Int(version))
        #expect(history.pages.all.allSatisfy { $0 <= 500 })
    }

    @Test("is looked at by a few at a time; the others wait, and whoever comes to a full line is told at once")
    func bound() async throws {
        let history = MeasuredHistory(events: events(through: 3), gate: Gate())
        let past = StreamPast<CountProjection>(history, parallel: 2, waiting: 1)
        try await withThrowingTaskGroup(of: Int64.self) { group in
            for _ in 0..<3 { group.addTask { try await past.document(of: self.stream, at: .version(2)).version } }
            try await eventually("two at work and one waiting") { history.underWay.value == 2 && past.waiting == 1 }
            let refusal = await #expect(throws: (any Error).self) {
                try await past.document(of: self.stream, at: .version(2))
            }
            #expect(refusal.map { FailureCategory(of: $0) } == .unavailable)
            #expect(history.underWay.value == 2)
            history.gate?.open()
            #expect(try await group.reduce(into: []) { $0.append($1) } == [2, 2, 2])
        }
    }
}

/// A history that notes what it is asked for, and holds it up if it has a gate.
private struct MeasuredHistory: EventHistory {
    let events: [RecordedEvent]
    var gate: Gate?
    let pages = Collected<Int>()
    let underWay = TestSupport.Counter()

    func read(_ stream: StreamID, after version: Int64, limit: Int) async throws -> [RecordedEvent] {
        underWay.add()
        defer { underWay.subtract() }
        await gate?.pass()
        let page = try await ListedHistory(events: events).read(stream, after: version, limit: limit)
        pages.add(page.count)
        return page
    }
}
