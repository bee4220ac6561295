// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRSTesting
import Essentials
import Synchronization
import Testing

@testable import CQRS

@Suite("A projector that cannot apply the events of one stream", .timeLimit(.minutes(1)))
struct ProjectorFailureTests {
    let broker = InMemoryBroker()
    let model = InMemoryReadModel<Count>()

    private func ones(_ streams: [StreamID]) -> [StreamID: Count] {
        Dictionary(uniqueKeysWithValues: streams.map { ($0, Count(total: 1, version: 1)) })
    }

    @Test(
        "applies those of all others at once, and these after some retries",
        arguments: [FailureCategory.transient, .internal, .rejected, .malformed], [1, 2, 3])
    func passing(category: FailureCategory, failures: Int) async throws {
        let (good, bad) = ((0..<50).map { _ in makeStream() }, makeStream())
        for stream in good + [bad] { await broker.publish(.count(stream, 1, adding: 1)) }
        let picky = PickyReadModel(model, refusing: [bad: failures], as: category)
        try await project(broker, into: picky)
        #expect(model.snapshot == ones(good + [bad]))
        #expect(broker.deadLetters.isEmpty)
        #expect(broker.depth == 0)
        // The whole, each half of it down to the one stream, and the retries: far fewer than one for each stream.
        #expect(picky.bulkCount <= 1 + 2 * 6 + 3)
    }

    @Test("puts them aside after the last retry, with the failure's category")
    func lasting() async throws {
        let (good, bad) = ((0..<5).map { _ in makeStream() }, makeStream())
        for stream in good { await broker.publish(.count(stream, 1, adding: 1)) }
        for version in Int64(1)...2 { await broker.publish(.count(bad, version, adding: 1)) }
        try await project(broker, into: PickyReadModel(model, refusing: [bad: .max], as: .internal))
        #expect(model.snapshot == ones(good))
        #expect(broker.deadLetters.map(\.cause.reason) == [.notApplicable, .notApplicable])
        #expect(broker.deadLetters.map(\.category) == [.internal, .internal])
        #expect(broker.deadLetters.map(\.delivery.retries) == [3, 3])
        #expect(broker.depth == 0)
    }

    @Test("lets others be applied while neither retries nor letters can be sent")
    func sendingOutage() async throws {
        let subscription = DeafSubscription(broker: broker)
        let (bad, good) = (makeStream(), makeStream())
        broker.deliver(.failure(MalformedEvent(.notAnEvent, "no headers")))
        await broker.publish(.count(bad, 1, adding: 1))
        try await projecting(subscription, into: PickyReadModel(model, refusing: [bad: 1], as: .internal)) {
            for version in Int64(1)...20 {
                await broker.publish(.count(good, version, adding: 1))
                while model.snapshot[good]?.version != version { try await Task.yieldUnlessCancelled() }
            }
            #expect(broker.deadLetters.isEmpty)
            #expect(model.snapshot[bad] == nil)
            subscription.isDeaf.store(false, ordering: .relaxed)
            while broker.deadLetters.isEmpty || model.snapshot[bad] == nil { try await Task.yieldUnlessCancelled() }
        }
    }

    @Test("neither retries nor puts aside anything while the read model is away, however long")
    func unavailable() async throws {
        let streams = (0..<5).map { _ in makeStream() }
        for stream in streams { await broker.publish(.count(stream, 1, adding: 1)) }
        let counting = RetryCounter(broker: broker)
        // More failures than retries and attempts together.
        let flaky = FlakyReadModel(model, failures: 7)
        try await projecting(counting, into: flaky) {
            while broker.depth > 0 { try await Task.yieldUnlessCancelled() }
        }
        #expect(model.snapshot == ones(streams))
        #expect(counting.retries.load(ordering: .relaxed) == 0)
        #expect(broker.deadLetters.isEmpty)
    }

    @Test("retries a stream that it finds overtaken again and again")
    func overtaken() async throws {
        let (restless, good) = (makeStream(), makeStream())
        for stream in [restless, good] { await broker.publish(.count(stream, 1, adding: 1)) }
        try await project(broker, into: RestlessReadModel(model: model, restless: restless))
        #expect(model.snapshot == ones([good]))
        #expect(broker.deadLetters.map(\.category) == [.transient])
        #expect(broker.deadLetters.map(\.delivery.retries) == [3])
    }

    @Test("puts aside at once what follows on an event that the event store cannot read")
    func unreadableHistory() async throws {
        let (bad, good) = (makeStream(), makeStream())
        await broker.publish(.count(bad, 2, adding: 1))
        await broker.publish(.count(good, 1, adding: 1))
        let counting = RetryCounter(broker: broker)
        let history = FailingHistory(
            InMemoryEventStore(), failsFor: .max, with: MalformedEvent(.invalidEnvelope, "stored event"))
        try await projecting(counting, history: history, into: model) {
            while broker.depth > 0 { try await Task.yieldUnlessCancelled() }
        }
        #expect(model.snapshot == ones([good]))
        #expect(broker.deadLetters.map(\.cause.reason) == [.missingVersions])
        #expect(counting.retries.load(ordering: .relaxed) == 0)
    }

    @Test("goes on with a stream whose letters are replayed in order once the cause is mended")
    func mended() async throws {
        let stream = makeStream()
        let store = InMemoryEventStore()
        let history = makeHistory(of: stream, through: 3)
        var unreadable = history
        unreadable[0].schema = 99
        for event in unreadable { await broker.publish(event) }
        try await projecting(broker.subscribe(), history: ListedHistory(events: unreadable), into: model) {
            while broker.depth > 0 { try await Task.yieldUnlessCancelled() }
        }
        #expect(model.snapshot.isEmpty)
        #expect(Set(broker.deadLetters.map(\.cause.reason)) == [.unknownSchema, .missingVersions])
        #expect(broker.deadLetters.count == 3)
        await store.append(history)
        for event in history { await broker.publish(event) }
        try await project(broker, history: store, into: model)
        #expect(model.snapshot == [stream: Count(total: 6, version: 3)])
        #expect(broker.deadLetters.count == 3)
    }
}

/// Counts what is sent to be retried.
private final class RetryCounter: EventSubscription {
    let broker: InMemorySubscription
    let retries = Atomic<Int>(0)

    init(broker: InMemoryBroker) { self.broker = broker.subscribe() }

    var retryLimit: Int { broker.retryLimit }
    func nextBatch(maximum: Int) async throws -> [EventDelivery] { try await broker.nextBatch(maximum: maximum) }
    func stopDelivering() { broker.stopDelivering() }
    func acknowledge(_ deliveries: [EventDelivery]) async throws { await broker.acknowledge(deliveries) }
    func retry(_ failures: [FailedDelivery]) async throws {
        retries.add(failures.count, ordering: .relaxed)
        await broker.retry(failures)
    }
    func deadLetter(_ letters: [DeadLetter]) async throws { await broker.deadLetter(letters) }
}

/// Says of one stream each time that its document has moved on.
private struct RestlessReadModel: ReadModel {
    let model: InMemoryReadModel<Count>
    let restless: StreamID

    func prepare() async throws {}
    func load(_ streams: Set<StreamID>) async throws -> [StreamID: Count] { await model.load(streams) }
    func write(_ changes: [ReadModelChange<Count>]) async throws -> Set<StreamID> {
        let lost = await model.write(changes.filter { $0.stream != restless })
        return changes.contains { $0.stream == restless } ? lost.union([restless]) : lost
    }
    func first(where field: ReadModelField<Count>, equals value: String) async throws -> Count? { nil }
}
