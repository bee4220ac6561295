// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRSTesting
import Essentials
import Synchronization
import TestSupport
import Testing

@testable import CQRS

@Suite("Commands on long streams", .timeLimit(.minutes(1)))
struct LongStreamTests {
    private typealias Handler = CommandHandler<TallyDecider>

    private let store = ForgetfulStore()
    private let stream = makeStream()

    /// Runs a body with what makes handlers, each like another process with nothing in memory.
    private func withHandlers(_ body: (() -> Handler) async throws -> Void) async throws {
        try await withRelay(store, SwitchedBroker()) { outbox in
            _ = try await append(.count(makeStream(), 1, adding: 1), to: outbox)
            try await body { CommandHandler(store: store, outbox: outbox, snapshots: store.inner) }
        }
    }

    private func add(
        _ amounts: [Int], _ handler: Handler, key: String? = nil
    ) async throws -> CommandOutcome<TallyDecider.State> {
        let idempotency = key.map { IdempotencyKey(scope: "tally", key: $0, fingerprint: "p") }
        return try await handler.handle(
            .add(amounts), on: .existing(stream),
            context: CommandContext(
                time: .now(), metadata: EventMetadata(correlationID: "test", idempotency: idempotency)))
    }

    /// Puts so many events into the store, as other processes have.
    private func fill(_ count: Int64, keyedAt keyed: Int64? = nil) async {
        let writer = WriterID()
        for version in 1...count {
            var event = RecordedEvent.count(stream, version, adding: 1)
            var claims: Set<Claim> = []
            if version == keyed {
                let key = IdempotencyKey(scope: "tally", key: "early", fingerprint: "p")
                event.metadata.idempotency = key
                event.recordedAt = .now()
                claims = [Claim(key)]
            }
            _ = await store.inner.append(EventAppend(Commit(event), claims: claims, writer: writer, sequence: version))
        }
    }

    /// How many events a body reads.
    private func reads(_ body: () async throws -> Void) async throws -> Int {
        let before = store.read.value
        try await body()
        return store.read.value - before
    }

    @Test("read the last event only, once the stream was read")
    func warm() async throws {
        await fill(3000)
        try await withHandlers { makeHandler in
            let handler = makeHandler()
            _ = try await add([1], handler)
            let count = try await reads {
                for _ in 0..<10 { _ = try await add([1], handler) }
            }
            #expect(count == 10)
            #expect(try await add([1, 1], handler).state == TallyDecider.State(total: 3013, events: 3013))
            // Behind several events, too.
            #expect(try await reads { _ = try await add([1], handler) } == 1)
        }
    }

    @Test("read a snapshot and a hundred or two events in a process that does not know the stream")
    func cold() async throws {
        await fill(3000)
        try await withHandlers { makeHandler in
            _ = try await add([1], makeHandler())
            for _ in 0..<4 { _ = try await add(Array(repeating: 1, count: 100), makeHandler()) }
            let count = try await reads {
                let outcome = try await add([1], makeHandler())
                #expect(outcome.state == TallyDecider.State(total: 3402, events: 3402))
            }
            #expect(count <= 210)
        }
    }

    @Test("put a state away once, and again when there are a hundred events more")
    func distance() async throws {
        await fill(600)
        func last() async -> Int64? {
            await store.inner.snapshot(of: stream, schema: TallyDecider.schema, through: .max)?.version
        }
        try await withHandlers { makeHandler in
            let handler = makeHandler()
            for _ in 0..<99 { _ = try await add([1], handler) }
            #expect(await last() == 600)
            _ = try await add([1, 1], handler)
            #expect(await last() == 701)
        }
    }

    @Test("are decided on the present state, however many processes they come through")
    func processes() async throws {
        await fill(600)
        try await withHandlers { makeHandler in
            let handlers = (0..<4).map { _ in makeHandler() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<80 {
                    group.addTask { _ = try await add([1, 1], handlers[number % 4]) }
                }
                try await group.waitForAll()
            }
            let outcome = try await add([1], makeHandler())
            #expect(outcome.state == TallyDecider.State(total: 761, events: 761))
        }
    }

    @Test("are answered again under their keys as they were, without reading the stream")
    func repeats() async throws {
        await fill(1000, keyedAt: 700)
        try await withHandlers { makeHandler in
            let handler = makeHandler()
            for _ in 0..<6 { _ = try await add(Array(repeating: 1, count: 100), handler) }
            let first = try await add([1, 1], handler, key: "late")
            _ = try await add([1], handler)
            let count = try await reads {
                let again = try await add([1, 1], makeHandler(), key: "late")
                #expect(again.event == first.event)
                #expect(again.state == first.state)
            }
            #expect(count <= 300)
            #expect(try await add([1], handler, key: "early").state == TallyDecider.State(total: 700, events: 700))
        }
    }

    @Test("are not deceived by snapshots of another past, of another form, or that cannot be read")
    func foreignSnapshots() async throws {
        await fill(800)
        let events = await store.inner.read(stream, after: 0, limit: 800)
        func keep(_ version: Int64, of event: UUIDv7, schema: Int = TallyDecider.schema, _ state: String) {
            store.inner.keep(
                StateSnapshot(
                    stream: stream, version: version, lastEvent: event, recordedAt: .now(), schema: schema,
                    state: Array(state.utf8)))
        }
        let wrong = #"{"total":9,"events":9}"#
        try await withHandlers { makeHandler in
            for (version, event, schema, state) in [
                (Int64(700), UUIDv7(at: .now()), TallyDecider.schema, wrong),
                (900, UUIDv7(at: .now()), TallyDecider.schema, wrong),
                (799, events[798].id, TallyDecider.schema - 1, wrong),
                (798, events[797].id, TallyDecider.schema, "{"),
            ] {
                keep(version, of: event, schema: schema, state)
                let length = await store.inner.read(stream, after: 0, limit: 5000).count + 1
                let outcome = try await add([1], makeHandler())
                #expect(outcome.state == TallyDecider.State(total: length, events: length))
            }
        }
    }

    /// Events that can be replaced by others.
    private final class ReplacedHistory: EventHistory {
        private let events: Mutex<[RecordedEvent]>

        init(_ events: [RecordedEvent]) { self.events = Mutex(events) }

        func replace(by other: [RecordedEvent]) { events.withLock { $0 = other } }

        func read(_ stream: StreamID, after version: Int64, limit: Int) async -> [RecordedEvent] {
            events.withLock { Array($0.dropFirst(Int(version)).prefix(limit)) }
        }
    }

    @Test("begin anew when the event store has another past than they remember", arguments: [150, 200, 250])
    func restored(length: Int64) async throws {
        func past(_ count: Int64, adding amount: Int) -> [RecordedEvent] {
            (1...count).map { .count(stream, $0, adding: amount) }
        }
        let history = ReplacedHistory(past(200, adding: 1))
        let loader = EntityLoader<TallyDecider>(history, snapshots: nil, capacity: 10)
        #expect(try await loader.load(stream).state.total == 200)
        history.replace(by: past(length, adding: 2))
        let entity = try await loader.load(stream)
        #expect(entity.state.total == 2 * Int(length))
        #expect(entity.version == length)
        #expect(try await loader.load(stream).state == entity.state)
    }
}
