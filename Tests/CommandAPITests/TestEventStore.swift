// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import TestSupport
import Users

/// An event store in memory that a test can hold up or break.
final class TestEventStore: EventStore, WriterCheckpoints {
    private let store = InMemoryEventStore()
    private let onAppend: @Sendable (EventAppend) async throws -> AppendOutcome?
    private let underWay = Counter()
    private let mostUnderWay = Counter()
    private let done = Counter()

    /// - Parameter onAppend: called before each append; what it returns or throws takes the place of the append's own
    ///   outcome, and nothing is appended then.
    init(onAppend: @escaping @Sendable (EventAppend) async throws -> AppendOutcome? = { _ in nil }) {
        self.onAppend = onAppend
    }

    /// How many appends are under way.
    var appending: Int { underWay.value }

    /// How many appends there have been under way at the same time.
    var mostAppending: Int { mostUnderWay.value }

    /// How many events have been appended.
    var appended: Int { done.value }

    /// Every event, by stream and version.
    func allEvents(of category: String = Users.streamCategory) async -> [RecordedEvent] {
        await store.readAll(category, after: nil, limit: .max).events
    }

    func append(_ append: EventAppend) async throws -> AppendOutcome {
        mostUnderWay.raise(to: underWay.add())
        defer { underWay.subtract() }
        if let outcome = try await onAppend(append) { return outcome }
        let outcome = await store.append(append)
        if outcome == .appended { done.add() }
        return outcome
    }

    // MARK: As it is

    func prepare() async { await store.prepare() }

    func read(_ stream: StreamID, after version: Int64, limit: Int) async -> [RecordedEvent] {
        await store.read(stream, after: version, limit: limit)
    }

    func last(of stream: StreamID) async -> RecordedEvent? { await store.last(of: stream) }

    func existing(_ streams: Set<StreamID>) async -> Set<StreamID> { await store.existing(streams) }

    func holder(of claim: Claim) async -> RecordedEvent? { await store.holder(of: claim) }

    func remember(_ answer: UnchangedAnswer, urgency: AppendUrgency) async -> AppendOutcome {
        await store.remember(answer, urgency: urgency)
    }

    func use(of key: IdempotencyKey) async -> KeyUse? { await store.use(of: key) }

    func forget(_ key: IdempotencyKey, used use: KeyUse) async { await store.forget(key, used: use) }

    func forgetKeys(
        usedBefore time: Timestamp, after position: Claim?, limit: Int
    ) async -> (forgotten: Int, next: Claim?) {
        await store.forgetKeys(usedBefore: time, after: position, limit: limit)
    }

    func hasGivenUp(_ claim: Claim, since holder: RecordedEvent) async -> Bool {
        await store.hasGivenUp(claim, since: holder)
    }

    func release(_ claims: Set<Claim>, of stream: StreamID, through version: Int64) async {
        await store.release(claims, of: stream, through: version)
    }

    func checkpoint(_ writer: WriterID, _ progress: RelayProgress) async {
        await store.checkpoint(writer, progress)
    }

    func takeOver(for writer: WriterID, silentFor silence: Duration) async -> Takeover? {
        await store.takeOver(for: writer, silentFor: silence)
    }

    func hold(_ takeover: Takeover) async -> Bool { await store.hold(takeover) }

    func finish(_ takeover: Takeover) async { await store.finish(takeover) }

    func abandon(_ writer: WriterID, _ progress: RelayProgress) async { await store.abandon(writer, progress) }

    func remove(_ writer: WriterID) async { await store.remove(writer) }

    func commits(of writer: WriterID, after sequence: Int64, limit: Int) async -> [OutboxCommit] {
        await store.commits(of: writer, after: sequence, limit: limit)
    }

    func progress() async -> [WriterID: RelayProgress] { await store.progress() }
    func writers(after writer: WriterID?, limit: Int) async -> [WriterID] {
        await store.writers(after: writer, limit: limit)
    }
    func lastNumber(of writer: WriterID) async -> Int64 { await store.lastNumber(of: writer) }
    func commits(of writer: WriterID, numbered numbers: [Int64]) async -> [OutboxCommit] {
        await store.commits(of: writer, numbered: numbers)
    }
}
