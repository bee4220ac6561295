// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Synchronization
import Testing

@Suite("A projector", .timeLimit(.minutes(1)))
struct ProjectorTests {
    let broker = InMemoryBroker()
    let model = InMemoryReadModel<Count>()

    @Test("applies each stream's events in order", arguments: [1, 2, 7, 100])
    func order(batchSize: Int) async throws {
        let streams = (0..<5).map { _ in makeStream() }
        for version in Int64(1)...10 {
            for stream in streams { await broker.publish(.count(stream, version, adding: Int(version))) }
        }
        try await project(broker, into: model, batchSize: batchSize)
        #expect(model.snapshot == Dictionary(uniqueKeysWithValues: streams.map { ($0, Count(total: 55, version: 10)) }))
        #expect(broker.depth == 0)
        #expect(broker.deadLetters.isEmpty)
    }

    @Test("applies an event once, however often it is delivered", arguments: [1, 3, 100])
    func duplicates(batchSize: Int) async throws {
        let stream = makeStream()
        let events = (Int64(1)...5).map { RecordedEvent.count(stream, $0, adding: 1) }
        for event in events + events + [events[0]] + events { await broker.publish(event) }
        try await project(broker, into: model, batchSize: batchSize)
        #expect(model.snapshot == [stream: Count(total: 5, version: 5)])
        #expect(broker.depth == 0)
        #expect(broker.deadLetters.isEmpty)
    }

    @Test("puts events in order that arrive reordered in one batch")
    func reordering() async throws {
        let stream = makeStream()
        for version in (Int64(1)...20).shuffled() { await broker.publish(.count(stream, version, adding: 1)) }
        try await project(broker, into: model)
        #expect(model.snapshot == [stream: Count(total: 20, version: 20)])
        #expect(broker.deadLetters.isEmpty)
    }

    @Test("puts aside what it cannot understand, and goes on with the rest")
    func malformed() async throws {
        let (good, bad) = (makeStream(), makeStream())
        broker.deliver(.failure(MalformedEvent(.notAnEvent, "no headers")))
        var unknown = RecordedEvent.count(bad, 1, adding: 1)
        unknown.type = "count.exploded"
        await broker.publish(unknown)
        await broker.publish(.count(good, 1, adding: 4))
        await broker.publish(.count(bad, 1, adding: -1))
        try await project(broker, into: model)
        #expect(model.snapshot == [good: Count(total: 4, version: 1)])
        #expect(
            broker.deadLetters.map(\.cause.reason).sorted { $0.rawValue < $1.rawValue } == [
                .invalidData, .notAnEvent, .unknownType,
            ])
        #expect(broker.depth == 0)
    }

    @Test("computes anew what another projector has overtaken")
    func races() async throws {
        let streams = (0..<20).map { _ in makeStream() }
        let brokers = (0..<4).map { _ in InMemoryBroker() }
        for version in Int64(1)...20 {
            for stream in streams {
                let event = RecordedEvent.count(stream, version, adding: 1)
                for broker in brokers { await broker.publish(event) }
            }
        }
        let model = model
        try await withThrowingTaskGroup { group in
            for broker in brokers { group.addTask { try await project(broker, into: model, batchSize: 13) } }
            try await group.waitForAll()
        }
        for stream in streams { #expect(model.snapshot[stream] == Count(total: 20, version: 20)) }
        for broker in brokers {
            #expect(broker.depth == 0)
            #expect(broker.deadLetters.isEmpty)
        }
    }

    @Test("keeps its batch while the read model is away, and loses none of it")
    func unavailable() async throws {
        let flaky = FlakyReadModel(model, failures: 3)
        let stream = makeStream()
        for version in Int64(1)...3 { await broker.publish(.count(stream, version, adding: 1)) }
        try await project(broker, into: flaky)
        #expect(model.snapshot == [stream: Count(total: 3, version: 3)])
        #expect(broker.deadLetters.isEmpty)
        #expect(broker.depth == 0)
        #expect(flaky.remaining == 0)
    }

    @Test("applies nothing twice when deliveries come again after a write that was not acknowledged")
    func redelivery() async throws {
        let stream = makeStream()
        for version in Int64(1)...3 { await broker.publish(.count(stream, version, adding: 1)) }
        _ = try await broker.nextBatch(maximum: 2)
        _ = await model.write([ReadModelChange(stream: stream, baseVersion: 0, document: Count(total: 2, version: 2))])
        broker.reconnect()
        try await project(broker, into: model)
        #expect(model.snapshot == [stream: Count(total: 3, version: 3)])
        #expect(broker.depth == 0)
    }

    @Test("stops at a graceful shutdown although there is always more to do")
    func shutdownUnderLoad() async throws {
        let endless = EndlessSubscription(stream: makeStream())
        try await projecting(endless, into: model) {
            while endless.batches.load(ordering: .relaxed) < 10 { try await Task.yieldUnlessCancelled() }
        }
    }

    @Test("stops at a graceful shutdown while there is nothing to do")
    func shutdownWhileIdle() async throws {
        let stream = makeStream()
        try await projecting(broker.subscribe(), into: model) {
            await broker.publish(.count(stream, 1, adding: 1))
            while broker.depth > 0 { try await Task.yieldUnlessCancelled() }
        }
        #expect(model.snapshot == [stream: Count(total: 1, version: 1)])
    }

    @Test("stops at a graceful shutdown while the read model is away, and leaves its batch to the next")
    func shutdownWhileAway() async throws {
        let away = FlakyReadModel(model, failures: .max)
        await broker.publish(.count(makeStream(), 1, adding: 1))
        try await projecting(broker.subscribe(), into: away) {
            while away.remaining > .max - 2 { try await Task.yieldUnlessCancelled() }
        }
        #expect(broker.depth == 1)
        #expect(broker.deadLetters.isEmpty)
    }
}

/// Always has one more event.
private final class EndlessSubscription: EventSubscription {
    let stream: StreamID
    let batches = Atomic<Int>(0)
    private let isStopped = Atomic<Bool>(false)

    init(stream: StreamID) { self.stream = stream }

    func stopDelivering() { isStopped.store(true, ordering: .relaxed) }
    func nextBatch(maximum: Int) async throws -> [EventDelivery] {
        guard !isStopped.load(ordering: .relaxed) else { return [] }
        let number = batches.add(1, ordering: .relaxed).newValue
        return [EventDelivery(id: .init(UInt64(number)), event: .success(.count(stream, Int64(number), adding: 1)))]
    }
    func acknowledge(_ deliveries: [EventDelivery]) async throws {}
    var retryLimit: Int { 0 }
    func retry(_ failures: [FailedDelivery]) async throws {}
    func deadLetter(_ letters: [DeadLetter]) async throws {}
}
