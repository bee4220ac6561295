// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Synchronization
import Testing

/// What a projector tells, and when: whoever keeps answers relies on it.
@Suite("A projector that tells of what it writes", .timeLimit(.minutes(1)))
struct ProjectorNoticesTests {
    let broker = InMemoryBroker()
    let store = InMemoryEventStore()
    let model = InMemoryReadModel<Count>()

    private func project(telling notices: some ChangeNotices) async throws {
        broker.end()
        try await Projector(
            CountProjection.self, name: "test", subscription: broker.subscribe(), history: store, model: model,
            notices: notices, batchSize: 10, logger: quietLogger
        ).run()
    }

    @Test("acknowledges nothing before it has told, although telling fails at first, and finds it written then")
    func order() async throws {
        let streams = (0..<3).map { _ in makeStream() }
        for stream in streams { await broker.publish(.count(stream, 1, adding: 1)) }
        let told = Told(failures: 2) { [broker, model] in
            #expect(broker.depth == 3)
            #expect(model.snapshot.count == 3)
        }
        try await project(telling: told)
        #expect(broker.depth == 0)
        #expect(told.versions == Dictionary(uniqueKeysWithValues: streams.map { ($0, 1) }))
        #expect(told.attempts == 3)
    }

    @Test("tells again of what is delivered again, which another may have written and not told")
    func again() async throws {
        let stream = makeStream()
        let event = RecordedEvent.count(stream, 1, adding: 1)
        _ = await model.write([
            ReadModelChange(stream: stream, baseVersion: 0, document: Count(total: 1, version: 1))
        ])
        await broker.publish(event)
        let told = Told()
        try await project(telling: told)
        #expect(told.versions == [stream: 1])
        #expect(broker.depth == 0)
    }

    @Test("tells of what the event store alone has brought forward, before it puts aside what could not follow")
    func gap() async throws {
        let stream = makeStream()
        var unreadable = RecordedEvent.count(stream, 4, adding: 1)
        unreadable.schema = 2
        await store.append(makeHistory(of: stream, through: 3) + [unreadable])
        await broker.publish(.count(stream, 5, adding: 1))
        let told = Told(failures: 1) { [broker] in #expect(broker.deadLetters.isEmpty) }
        try await project(telling: told)
        #expect(model.snapshot[stream]?.version == 3)
        #expect(told.versions == [stream: 3])
        #expect(broker.deadLetters.count == 1)
    }
}

/// Notes what is told, after some failures.
private final class Told: ChangeNotices {
    private let state = Mutex<(attempts: Int, versions: [StreamID: Int64])>((0, [:]))
    private let failures: Int
    private let onAttempt: @Sendable () -> Void

    init(failures: Int = 0, onAttempt: @escaping @Sendable () -> Void = {}) {
        self.failures = failures
        self.onAttempt = onAttempt
    }

    var attempts: Int { state.withLock { $0.attempts } }
    var versions: [StreamID: Int64] { state.withLock { $0.versions } }

    func tell(_ notices: [ChangeNotice]) async throws {
        onAttempt()
        let isRefused = state.withLock { state in
            state.attempts += 1
            guard state.attempts > failures else { return true }
            for notice in notices { state.versions[notice.stream] = notice.age?.version }
            return false
        }
        if isRefused { throw Away() }
    }
}
