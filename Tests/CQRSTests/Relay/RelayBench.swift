// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport

/// A broker that can be away, and remembers what it took.
final class SwitchedBroker: EventPublisher {
    struct Away: CategorizedError {
        let category = FailureCategory.unavailable
    }

    private struct State {
        var isAway = false
        var taken: [RecordedEvent] = []
        var refused: Set<UUIDv7> = []
        var unanswered: Set<UUIDv7> = []
        var attempts = 0
        var refusals = 0
    }

    private let state = Mutex(State())

    var isAway: Bool {
        get { state.withLock { $0.isAway } }
        set { state.withLock { $0.isAway = newValue } }
    }

    /// Everything it took, repeats included.
    var taken: [RecordedEvent] { state.withLock { $0.taken } }

    /// How often it was asked.
    var attempts: Int { state.withLock { $0.attempts } }

    /// How often it refused an event.
    var refusals: Int { state.withLock { $0.refusals } }

    /// Takes no event with this identifier from now on.
    func refuse(_ id: UUIDv7) { state.withLock { _ = $0.refused.insert(id) } }

    /// Takes the event with this identifier, and does not say so the first time.
    func answerLate(_ id: UUIDv7) { state.withLock { _ = $0.unanswered.insert(id) } }

    /// Takes all events from now on.
    func refuseNothing() { state.withLock { $0.refused = [] } }

    func publish(_ events: [RecordedEvent]) async -> [PublishOutcome] {
        state.withLock { state in
            state.attempts += 1
            return events.map { event in
                if state.isAway { return .unavailable(Away()) }
                if state.refused.contains(event.id) {
                    state.refusals += 1
                    return .refused(Away())
                }
                state.taken.append(event)
                return state.unanswered.remove(event.id) == nil ? .published : .unavailable(Away())
            }
        }
    }
}

/// A store that loses the answers to appends, applied or not.
final class ForgetfulStore: EventStore, WriterCheckpoints {
    enum Answer: Sendable {
        case given
        case lostAfterAppend
        case lostWithoutAppend
        case refused
        /// Somebody else's event is at the version, whatever the version is.
        case conflict
    }

    let inner = InMemoryEventStore()
    private let answer = Mutex(Answer.given)
    private let releaseFails = Mutex(false)
    private let losesTakeover = Mutex(false)
    /// Appends that met another event at their version.
    let conflicts = Counter()
    /// Events read.
    let read = Counter()
    /// Looks for the last event of a stream.
    let lookups = Counter()
    /// Appends begun.
    let begun = Counter()
    private let gate = Mutex<Gate?>(nil)

    /// Has the appends to come wait at a gate.
    func hold(at next: Gate?) { gate.withLock { $0 = next } }
    func answer(_ next: Answer) { answer.withLock { $0 = next } }
    /// Loses the answer to the next take-over.
    func loseTakeover() { losesTakeover.withLock { $0 = true } }
    func failReleases(_ fails: Bool) { releaseFails.withLock { $0 = fails } }

    func append(_ append: EventAppend) async throws -> AppendOutcome {
        begun.add()
        await gate.withLock { $0 }?.pass()
        switch answer.withLock({ $0 }) {
        case .given:
            let outcome = await inner.append(append)
            if outcome == .versionConflict { conflicts.add() }
            return outcome
        case .lostAfterAppend: _ = await inner.append(append)
        case .lostWithoutAppend: break
        case .refused: throw SwitchedBroker.Away()
        case .conflict: return .versionConflict
        }
        throw AppendOutcomeUnknown()
    }

    func release(_ claims: Set<Claim>, of stream: StreamID, through version: Int64) async throws {
        if releaseFails.withLock({ $0 }) { throw SwitchedBroker.Away() }
        await inner.release(claims, of: stream, through: version)
    }

    func prepare() async {}
    func read(_ stream: StreamID, after version: Int64, limit: Int) async -> [RecordedEvent] {
        let page = await inner.read(stream, after: version, limit: limit)
        read.add(page.count)
        return page
    }
    func readAll(_ category: String, after position: EventPosition?, limit: Int) async -> [Commit] {
        await inner.readAll(category, after: position, limit: limit)
    }
    func last(of stream: StreamID) async -> RecordedEvent? {
        lookups.add()
        return await inner.last(of: stream)
    }
    func existing(_ streams: Set<StreamID>) async -> Set<StreamID> { await inner.existing(streams) }
    func holder(of claim: Claim) async -> RecordedEvent? { await inner.holder(of: claim) }
    func remember(_ answer: UnchangedAnswer, urgency: AppendUrgency) async -> AppendOutcome {
        await inner.remember(answer, urgency: urgency)
    }
    func use(of key: IdempotencyKey) async -> KeyUse? { await inner.use(of: key) }
    func forget(_ key: IdempotencyKey, used use: KeyUse) async { await inner.forget(key, used: use) }
    func forgetKeys(
        usedBefore time: Timestamp, after position: Claim?, limit: Int
    ) async -> (forgotten: Int, next: Claim?) {
        await inner.forgetKeys(usedBefore: time, after: position, limit: limit)
    }
    func hasGivenUp(_ claim: Claim, since holder: RecordedEvent) async -> Bool {
        await inner.hasGivenUp(claim, since: holder)
    }
    func checkpoint(_ writer: WriterID, _ progress: RelayProgress) async {
        await inner.checkpoint(writer, progress)
    }
    func takeOver(for writer: WriterID, silentFor silence: Duration) async throws -> Takeover? {
        let takeover = await inner.takeOver(for: writer, silentFor: silence)
        if takeover != nil,
            losesTakeover.withLock({ loses in
                defer { loses = false }; return loses
            })
        {
            throw SwitchedBroker.Away()
        }
        return takeover
    }
    func hold(_ takeover: Takeover) async -> Bool { await inner.hold(takeover) }
    func finish(_ takeover: Takeover) async { await inner.finish(takeover) }
    func abandon(_ writer: WriterID, _ progress: RelayProgress) async { await inner.abandon(writer, progress) }
    func remove(_ writer: WriterID) async { await inner.remove(writer) }
    func commits(of writer: WriterID, after sequence: Int64, limit: Int) async -> [OutboxCommit] {
        await inner.commits(of: writer, after: sequence, limit: limit)
    }
    func progress() async -> [WriterID: RelayProgress] { await inner.progress() }
    func writers(after writer: WriterID?, limit: Int) async -> [WriterID] {
        await inner.writers(after: writer, limit: limit)
    }
    func lastNumber(of writer: WriterID) async -> Int64 { await inner.lastNumber(of: writer) }
    func commits(of writer: WriterID, numbered numbers: [Int64]) async -> [OutboxCommit] {
        await inner.commits(of: writer, numbered: numbers)
    }
}

let quietLogger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

/// Settings with which what takes seconds takes a fraction of one.
var quickSettings: RelaySettings {
    var settings = RelaySettings()
    settings.takeoverAfter = .milliseconds(400)
    settings.settleTime = .milliseconds(300)
    settings.checkpointInterval = .milliseconds(10)
    settings.drainTimeout = .milliseconds(500)
    return settings
}

/// Runs a relay, as a service of its own, while a body runs; then stops it in order.
func withRelay(
    _ store: some EventStore & WriterCheckpoints, _ broker: some EventPublisher,
    _ settings: RelaySettings = quickSettings,
    _ body: (Outbox) async throws -> Void
) async throws {
    let outbox = Outbox(store: store, settings: settings)
    let relay = Relay(store: store, outbox: outbox, publisher: broker, settings: settings, logger: quietLogger)
    let group = ServiceGroup(services: [relay], logger: quietLogger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        do {
            try await body(outbox)
        } catch {
            tasks.cancelAll()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

/// Appends a commit as soon as the relay has registered its writer.
func append(
    _ commit: Commit, to outbox: Outbox, _ urgency: AppendUrgency = .single, claims: Set<Claim> = [],
    releases: Set<Claim> = []
) async throws -> AppendOutcome {
    var outcome: AppendOutcome?
    try await eventually("accepted") {
        do {
            outcome = try await outbox.append(commit, claims: claims, releases: releases, urgency: urgency)
            return true
        } catch OutboxUnavailable.noCheckpoint {
            return false
        }
    }
    guard let outcome else { preconditionFailure("eventually would have thrown") }
    return outcome
}
