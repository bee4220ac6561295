// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Synchronization

/// A stream whose event number `v` adds `v`, kept where these tests want it.
func makeHistory(of stream: StreamID, through last: Int64) -> [RecordedEvent] {
    (1...last).map { .count(stream, $0, adding: Int($0)) }
}

extension InMemoryEventStore {
    /// Appends events that follow each other.
    func append(_ events: [RecordedEvent]) async {
        let writer = WriterID()
        for (index, event) in events.enumerated() {
            _ = await append(EventAppend(Commit(event), writer: writer, sequence: Int64(index) + 1))
        }
    }
}

extension InMemoryEventStore {
    /// Appends events that follow each other, so many to a commit.
    ///
    /// - Returns: the events as they were appended: those of a commit have one time.
    func append(_ events: [RecordedEvent], commitsOf size: Int) async -> [RecordedEvent] {
        let writer = WriterID()
        var appended: [RecordedEvent] = []
        for start in stride(from: 0, to: events.count, by: size) {
            let part = events[start..<min(start + size, events.count)].map { event in
                var event = event
                event.recordedAt = events[start].recordedAt
                return event
            }
            let commit = Commit(part[0], Array(part.dropFirst()))
            _ = await append(EventAppend(commit, writer: writer, sequence: Int64(start) + 1))
            appended += part
        }
        return appended
    }
}

/// A history of exactly these events, which need not make sense.
struct ListedHistory: EventHistory {
    let events: [RecordedEvent]

    func read(_ stream: StreamID, after version: Int64, limit: Int) async throws -> [RecordedEvent] {
        Array(events.filter { $0.stream == stream && $0.version > version }.prefix(limit))
    }
}

/// A history in which every stream has as many events as wanted, each adding one, made when they are asked for.
final class EndlessHistory: EventHistory {
    struct Reads {
        var count = 0
        var largestPage = 0
        var underWay = 0
        var mostUnderWay = 0
    }

    private let state = Mutex(Reads())

    var reads: Reads { state.withLock { $0 } }

    func read(_ stream: StreamID, after version: Int64, limit: Int) async throws -> [RecordedEvent] {
        state.withLock { reads in
            reads.count += 1
            reads.largestPage = max(reads.largestPage, limit)
            reads.underWay += 1
            reads.mostUnderWay = max(reads.mostUnderWay, reads.underWay)
        }
        defer { state.withLock { $0.underWay -= 1 } }
        // Whoever may start beside this one shall have done so.
        for _ in 0..<10 { await Task.yield() }
        return (version + 1...version + Int64(limit)).map { .count(stream, $0, adding: 1) }
    }
}

/// A history that fails for as long as it is told to.
final class FailingHistory: EventHistory {
    private let history: any EventHistory
    private let error: any Error
    let failsFor: Atomic<Int>

    init(_ history: any EventHistory, failsFor count: Int, with error: any Error = Away()) {
        self.history = history
        self.error = error
        failsFor = Atomic(count)
    }

    func read(_ stream: StreamID, after version: Int64, limit: Int) async throws -> [RecordedEvent] {
        guard failsFor.load(ordering: .relaxed) <= 0 else {
            failsFor.subtract(1, ordering: .relaxed)
            throw error
        }
        return try await history.read(stream, after: version, limit: limit)
    }
}
