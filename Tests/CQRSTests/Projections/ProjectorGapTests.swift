// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Synchronization
import Testing

/// Everything that was added, in the order in which it was applied.
private struct Trace: ReadModelDocument {
    var amounts: [Int]
    var version: Int64
    var updatedAt: Timestamp

    /// What a stream of ``makeHistory(of:through:)`` leads to.
    static func complete(_ last: Int64) -> [Int] { (1...Int(last)).map { $0 } }
}

private enum TraceProjection: Projection {
    static let name = "traces"
    static let category = "count"
    static let eventPatterns = ["count.*"]

    static func evolve(
        _ document: Trace?, _ event: CountEvent, _ recorded: RecordedEvent
    ) throws(MalformedEvent) -> Trace {
        guard case .added(let amount) = event else { throw MalformedEvent(.invalidData, "amount") }
        return Trace(
            amounts: (document?.amounts ?? []) + [amount], version: recorded.version, updatedAt: recorded.recordedAt)
    }
}

private func sorted(_ reasons: [MalformedEvent.Reason]) -> [String] { reasons.map(\.rawValue).sorted() }

@Suite("A projector that was not delivered everything", .timeLimit(.minutes(1)))
struct ProjectorGapTests {
    let broker = InMemoryBroker()
    let store = InMemoryEventStore()
    let model = InMemoryReadModel<Count>()

    // MARK: Gaps that the event store fills

    @Test(
        "reads the rest from the event store, wherever it is missing",
        arguments: [[3], [2, 3], [1, 3], [1, 4, 7], [7, 3, 1], [5, 5, 2, 5], [7, 6, 5, 4, 3, 2, 1], [2, 1, 2]],
        [1, 2, 100])
    func gaps(versions: [Int], batchSize: Int) async throws {
        let (stream, model) = (makeStream(), InMemoryReadModel<Trace>())
        let history = makeHistory(of: stream, through: 9)
        await store.append(history)
        for version in versions { await broker.publish(history[version - 1]) }
        try await project(broker, with: TraceProjection.self, history: store, into: model, batchSize: batchSize)
        let last = Int64(try #require(versions.max()))
        #expect(model.snapshot[stream]?.amounts == Trace.complete(last))
        #expect(model.snapshot[stream]?.version == last)
        #expect(broker.depth == 0)
        #expect(broker.deadLetters.isEmpty)
    }

    @Test("reads the rest of commits from the event store, whichever of their events came", arguments: 1...9)
    func commits(version: Int) async throws {
        let (stream, model) = (makeStream(), InMemoryReadModel<Trace>())
        let history = await store.append(makeHistory(of: stream, through: 10), commitsOf: 4)
        for version in [version, 10] {
            await broker.publish(history[version - 1])
            try await project(broker, with: TraceProjection.self, history: store, into: model, batchSize: 1)
            #expect(model.snapshot[stream]?.amounts == Trace.complete(Int64(version)))
        }
        #expect(broker.deadLetters.isEmpty)
    }

    @Test("makes the same of whatever is lost, repeated and reordered on the way to however many", arguments: 0..<20)
    func chaos(round: Int) async throws {
        let streams = (0..<8).map { _ in makeStream() }
        let histories = streams.map { makeHistory(of: $0, through: .random(in: 1...40)) }
        for history in histories { await store.append(history) }
        let brokers = (0..<Int.random(in: 1...4)).map { _ in InMemoryBroker() }
        // The last event of each stream arrives somewhere, the others perhaps, perhaps more than once.
        let deliveries = histories.flatMap { history in
            history.filter { _ in Int.random(in: 0..<3) > 0 } + history.filter { _ in Int.random(in: 0..<3) == 0 }
                + [history[history.count - 1]]
        }
        for event in deliveries.shuffled() {
            for broker in brokers where broker === brokers[Int(event.version) % brokers.count] || Bool.random() {
                await broker.publish(event)
            }
        }
        let (model, store) = (InMemoryReadModel<Trace>(), store)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for broker in brokers {
                let size = Int.random(in: 1...30)
                group.addTask {
                    try await project(broker, with: TraceProjection.self, history: store, into: model, batchSize: size)
                }
            }
            try await group.waitForAll()
        }
        for (stream, history) in zip(streams, histories) {
            #expect(model.snapshot[stream]?.amounts == Trace.complete(Int64(history.count)))
        }
        for broker in brokers {
            #expect(broker.depth == 0)
            #expect(broker.deadLetters.isEmpty)
        }
    }

    @Test("fills a gap of any length in pages, after the others of the batch")
    func longGap() async throws {
        let (long, other) = (makeStream(), makeStream())
        let history = EndlessHistory()
        await broker.publish(.count(long, 100_001, adding: 1))
        await broker.publish(.count(other, 1, adding: 1))
        try await project(broker, history: history, into: model)
        #expect(model.snapshot == [long: Count(total: 100_001, version: 100_001), other: Count(total: 1, version: 1)])
        #expect(history.reads.largestPage <= 1000)
        #expect(broker.deadLetters.isEmpty)
    }

    @Test("reads many streams at the same time, but not too many")
    func concurrency() async throws {
        let (streams, history) = ((0..<60).map { _ in makeStream() }, EndlessHistory())
        for (index, stream) in streams.enumerated() {
            await broker.publish(.count(stream, Int64(index) * 20 + 2, adding: 1))
        }
        try await project(broker, history: history, into: model)
        for (index, stream) in streams.enumerated() { #expect(model.snapshot[stream]?.total == index * 20 + 2) }
        #expect((2...16).contains(history.reads.mostUnderWay))
        #expect(broker.deadLetters.isEmpty)
    }

    // MARK: Gaps that it cannot fill

    @Test("puts aside what follows on versions that the event store does not have either")
    func missing() async throws {
        let (stream, unknown, good) = (makeStream(), makeStream(), makeStream())
        let history = makeHistory(of: stream, through: 3)
        await store.append(history)
        await broker.publish(history[0])
        for version in [6, 8] as [Int64] { await broker.publish(.count(stream, version, adding: 1)) }
        await broker.publish(.count(unknown, 2, adding: 1))
        await broker.publish(.count(unknown, .max, adding: 1))
        await broker.publish(.count(good, 1, adding: 1))
        try await project(broker, history: store, into: model)
        // What the store has is applied all the same.
        #expect(model.snapshot == [stream: Count(total: 6, version: 3), good: Count(total: 1, version: 1)])
        #expect(broker.deadLetters.map(\.cause.reason) == Array(repeating: .missingVersions, count: 4))
        #expect(broker.depth == 0)
    }

    @Test("does not step over a hole in the event store")
    func hole() async throws {
        let stream = makeStream()
        let history = makeHistory(of: stream, through: 5)
        await broker.publish(history[4])
        try await project(broker, history: ListedHistory(events: [history[0], history[1], history[3]]), into: model)
        #expect(model.snapshot == [stream: Count(total: 3, version: 2)])
        #expect(broker.deadLetters.map(\.cause.reason) == [.missingVersions])
    }

    @Test("puts aside what follows on an event that cannot be read or applied, and goes on with the rest")
    func broken() async throws {
        let (unreadable, inapplicable, good) = (makeStream(), makeStream(), makeStream())
        var newer = RecordedEvent.count(unreadable, 2, adding: 1)
        newer.schema = 2
        let histories = [
            [.count(unreadable, 1, adding: 1), newer, .count(unreadable, 3, adding: 1)],
            [
                .count(inapplicable, 1, adding: 1), .count(inapplicable, 2, adding: -1),
                .count(inapplicable, 3, adding: 1),
            ],
            makeHistory(of: good, through: 3),
        ]
        for history in histories {
            await store.append(history)
            await broker.publish(history[2])
        }
        // Delivered or not makes no difference to what follows.
        await broker.publish(histories[1][1])
        await broker.publish(histories[1][2])
        try await project(broker, history: store, into: model)
        #expect(
            model.snapshot == [
                unreadable: Count(total: 1, version: 1), inapplicable: Count(total: 1, version: 1),
                good: Count(total: 6, version: 3),
            ])
        #expect(
            sorted(broker.deadLetters.map(\.cause.reason))
                == sorted([.missingVersions, .missingVersions, .missingVersions, .invalidData]))
        #expect(broker.depth == 0)
    }

    @Test("takes the event store's word where a delivery cannot be applied")
    func wrongDelivery() async throws {
        let stream = makeStream()
        let history = makeHistory(of: stream, through: 3)
        await store.append(history)
        await broker.publish(history[0])
        await broker.publish(.count(stream, 2, adding: -1))
        await broker.publish(history[2])
        try await project(broker, history: store, into: model)
        #expect(model.snapshot == [stream: Count(total: 6, version: 3)])
        #expect(broker.deadLetters.map(\.cause.reason) == [.invalidData])
    }

    // MARK: An event store that is away

    @Test("waits for an event store that is away, after the others of the batch")
    func away() async throws {
        let (gap, other) = (makeStream(), makeStream())
        let history = makeHistory(of: gap, through: 3)
        await store.append(history)
        let failing = FailingHistory(store, failsFor: .max)
        await broker.publish(history[2])
        await broker.publish(.count(other, 1, adding: 1))
        try await projecting(broker.subscribe(), history: failing, into: model) {
            while model.snapshot[other] == nil || broker.depth > 1 { try await Task.yieldUnlessCancelled() }
            #expect(model.snapshot[gap] == nil)
            failing.failsFor.store(1, ordering: .relaxed)
            while broker.depth > 0 { try await Task.yieldUnlessCancelled() }
        }
        #expect(model.snapshot == [gap: Count(total: 6, version: 3), other: Count(total: 1, version: 1)])
        #expect(broker.deadLetters.isEmpty)
    }

    @Test("puts aside what the event store fails for again and again, and nothing else")
    func failing() async throws {
        struct Unreadable: CategorizedError {
            var category: FailureCategory { .malformed }
        }
        let (gap, other) = (makeStream(), makeStream())
        await broker.publish(.count(gap, 1, adding: 1))
        await broker.publish(.count(gap, 3, adding: 1))
        await broker.publish(.count(other, 1, adding: 1))
        try await project(
            broker, history: FailingHistory(store, failsFor: .max, with: Unreadable()), into: model)
        #expect(model.snapshot == [gap: Count(total: 1, version: 1), other: Count(total: 1, version: 1)])
        #expect(broker.deadLetters.map(\.cause.reason) == [.notApplicable])
        #expect(broker.depth == 0)
    }

    @Test("leaves a long gap to the next one at a graceful shutdown")
    func shutdown() async throws {
        let (stream, history) = (makeStream(), EndlessHistory())
        await broker.publish(.count(stream, .max, adding: 1))
        try await projecting(broker.subscribe(), history: history, into: model) {
            while history.reads.count < 3 { try await Task.yieldUnlessCancelled() }
        }
        #expect(broker.depth == 1)
        #expect(broker.deadLetters.isEmpty)
        let count = try #require(model.snapshot[stream])
        #expect(count.version >= 2000)
        #expect(count.total == Int(count.version))
    }
}
