// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Testing

@Suite("A snapshot of a stream", .timeLimit(.minutes(1)))
struct StreamSnapshotTests {
    private let stream = makeStream()

    private func snapshot(
        of events: [RecordedEvent], at moment: HistoryMoment
    ) async throws -> StreamSnapshot<CountProjection> {
        try await StreamSnapshot(of: stream, at: moment, in: ListedHistory(events: events))
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
        "shows the document at a version and now, through any number of pages", arguments: [1, 2, 499, 500, 501, 1300])
    func versions(version: Int64) async throws {
        let last = max(version, 1001)
        let snapshot = try await snapshot(of: events(through: last), at: .version(version))
        #expect(snapshot.then == Count(total: Int(version * (version + 1) / 2), version: version))
        #expect(snapshot.now == Count(total: Int(last * (last + 1) / 2), version: last))
        #expect(snapshot.lastVersion == last)
    }

    @Test("shows nothing before the first event, and nothing of a stream without events")
    func nothing() async throws {
        #expect(try await snapshot(of: events(through: 2), at: .version(0)).then == nil)
        let empty = try await snapshot(of: [], at: .version(3))
        #expect(empty.then == nil)
        #expect(empty.now == nil)
        #expect(empty.lastVersion == 0)
    }

    @Test("shows the last version for one that does not exist yet")
    func beyond() async throws {
        let snapshot = try await snapshot(of: events(through: 3), at: .version(4))
        #expect(snapshot.then?.version == 3)
        #expect(snapshot.lastVersion == 3)
    }

    @Test(
        "shows what had been recorded by a time, to the millisecond",
        arguments: [(999, nil), (1000, 1), (1999, 1), (2000, 2), (3000, 3), (9_000_000, 3)] as [(Int64, Int64?)])
    func times(milliseconds: Int64, version: Int64?) async throws {
        let time = Timestamp(millisecondsSinceEpoch: milliseconds)
        #expect(try await snapshot(of: events(through: 3), at: .time(time)).then?.version == version)
    }

    @Test("ends before the first event recorded later, even if the clock of the next went behind")
    func skew() async throws {
        var events = events(through: 3)
        events[1].recordedAt = second(5)
        #expect(try await snapshot(of: events, at: .time(second(4))).then?.version == 1)
        #expect(try await snapshot(of: events, at: .time(second(5))).then?.version == 3)
    }

    @Test("fails at what cannot be applied, and shows what was before")
    func stop() async throws {
        var events = events(through: 4)
        events[2] = .count(stream, 3, adding: -1)
        let before = try await snapshot(of: events, at: .version(2))
        #expect(before.then?.version == 2)
        #expect(before.now?.version == 2)
        #expect(before.lastVersion == 4)
        for version: Int64 in [3, 4, 5] {
            await #expect(throws: MalformedEvent.self) { try await snapshot(of: events, at: .version(version)) }
        }
    }

    @Test("is read in pages of bounded size")
    func memory() async throws {
        let history = BoundedHistory(events: events(through: 2000))
        let snapshot = try await StreamSnapshot<CountProjection>(of: stream, at: .version(1), in: history)
        #expect(snapshot.lastVersion == 2000)
    }
}

/// A history that gives no more than a thousand events at once.
private struct BoundedHistory: EventHistory {
    let events: [RecordedEvent]

    func read(_ stream: StreamID, after version: Int64, limit: Int) async throws -> [RecordedEvent] {
        #expect((1...1000).contains(limit))
        return try await ListedHistory(events: events).read(stream, after: version, limit: limit)
    }
}
