// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials
internal import Synchronization

/// Appends commits so that their events will be published: the event store is the outbox, and this remembers for one process what
/// of it has yet to go out.
///
/// Each append gets the writer's next number, goes to the store, and is handed to the ``Relay`` in memory. When the
/// process ends before the relay has published it, another writer finds it by its number.
public final class Outbox: Sendable {
    private struct State {
        var queue: OutboxQueue
        /// Until when others will not take this writer for dead.
        var leaseEnd: ContinuousClock.Instant?
        var isReloading = false
        /// Reports of progress so far.
        var revision: Int64 = 0
    }

    /// The name under which numbers are given out, new for each process.
    let writer = WriterID()
    private let store: any EventStore
    private let onStep: @Sendable (OutboxStep) -> Void
    private let state: Mutex<State>
    private let settings: RelaySettings
    private let changed = Wakeup()
    /// Something was published.
    private let published = Wakeup()

    /// An outbox for one process; a ``Relay`` must run for it.
    ///
    /// - Parameters:
    ///   - store: where events are kept.
    ///   - settings: how much may be waiting.
    ///   - onStep: called after each step that a crash can follow, for tests.
    public init(
        store: any EventStore, settings: RelaySettings = RelaySettings(),
        onStep: @escaping @Sendable (OutboxStep) -> Void = { _ in }
    ) {
        self.store = store
        self.settings = settings
        self.onStep = onStep
        state = Mutex(
            State(
                queue: OutboxQueue(
                    memoryLimit: settings.memoryLimit, backlogLimit: settings.backlogLimit,
                    pauses: settings.setAsidePauses)))
    }

    // MARK: Appending

    /// Appends a commit, and publishes its events sooner or later.
    ///
    /// What the commit gives up is released before this returns, unless the store fails then: the relay repeats it.
    ///
    /// - Parameters:
    ///   - commit: the version of its first event is the one expected to be last, and one.
    ///   - claims: what it takes.
    ///   - releases: what its stream gives up.
    ///   - urgency: whether somebody waits for it alone.
    /// - Throws: what ``EventStore/append(_:)`` throws; ``OutboxUnavailable`` when nothing can be accepted now.
    public func append(
        _ commit: Commit, claims: Set<Claim> = [], releases: Set<Claim> = [], urgency: AppendUrgency = .single
    ) async throws -> AppendOutcome {
        if urgency == .bulk { await waitForRoom() }
        let number = try reserve(commit.stream, urgency)
        let append = EventAppend(
            commit, claims: claims, releases: releases, writer: writer, sequence: number, urgency: urgency)
        let outcome: AppendOutcome
        do {
            outcome = try await store.append(append)
        } catch {
            settle {
                if error is AppendOutcomeUnknown { $0.doubt(number, commit.first.position) } else { $0.void(number) }
            }
            throw error
        }
        guard outcome == .appended else {
            settle { queue in
                // Somebody's event is there.
                if outcome == .versionConflict { queue.taken(commit.first.position) }
                queue.void(number)
            }
            return outcome
        }
        onStep(.appended)
        var unreleased = releases
        if !releases.isEmpty, await release(releases, of: commit) { unreleased = [] }
        settle { $0.append(OutboxCommit(sequence: number, commit: commit, releases: unreleased)) }
        return .appended
    }

    /// Waits for a while until few enough commits wait to be published that more may be added in bulk.
    private func waitForRoom() async {
        guard !hasRoom else { return }
        try? await limited(to: settings.bulkPatience) {
            while !self.hasRoom, !Task.isCancelled { await self.published.wait { self.hasRoom } }
        }
    }

    private var hasRoom: Bool {
        state.withLock { $0.queue.waitingCount < min(settings.bulkLimit, max(1, settings.memoryLimit / 2)) }
    }

    private func release(_ claims: Set<Claim>, of commit: Commit) async -> Bool {
        do {
            try await store.release(claims, of: commit.stream, through: commit.first.version - 1)
            onStep(.released)
            return true
        } catch {
            return false
        }
    }

    private func reserve(_ stream: StreamID, _ urgency: AppendUrgency) throws(OutboxUnavailable) -> Int64 {
        let reservation: Result<Int64, OutboxUnavailable> = state.withLock { state in
            // A writer that others take for dead must not append: they look for what it left behind only for a while.
            guard let end = state.leaseEnd, end > .now else { return .failure(.noCheckpoint) }
            return state.queue.reserve(stream, urgency).map { .success($0) } ?? .failure(.backlogFull)
        }
        return try reservation.get()
    }

    private func settle(_ change: (inout OutboxQueue) -> Void) {
        state.withLock { change(&$0.queue) }
        changed.notify()
    }

    /// Whether all that is appended can be published, as far as it has been tried. Appends are accepted all the same.
    public var publishing: Readiness {
        switch state.withLock({ $0.queue.setAsideCount }) {
        case 0: .ready
        case let count:
            .notReady("\(count) commits wait because the broker does not take them, or one before them in their stream")
        }
    }

    /// Whether an append would be accepted now.
    public var readiness: Readiness {
        state.withLock { state in
            guard let end = state.leaseEnd, end > .now else {
                return .notReady("the event store has not confirmed this writer's checkpoint")
            }
            return state.queue.isFull
                ? .notReady("too many commits wait to be published") : .ready
        }
    }

    // MARK: For the relay

    /// Appends may be accepted until then; `nil` for not at all.
    func setLease(until end: ContinuousClock.Instant?) { state.withLock { $0.leaseEnd = end } }

    /// Waits until there is something to publish or to read back.
    func waitForWork() async {
        await changed.wait { state.withLock { $0.queue.hasReady || (!$0.isReloading && $0.queue.nextSpill != nil) } }
    }

    /// Waits until everything appended is published.
    func waitUntilDrained() async {
        while !Task.isCancelled, !state.withLock({ $0.queue.isDrained }) {
            await changed.wait { state.withLock { $0.queue.isDrained } }
        }
    }

    func take(maximum: Int) -> [OutboxCommit] { state.withLock { $0.queue.take(maximum: maximum) } }

    /// Notes what became of a batch.
    func settle(_ batch: [OutboxCommit], _ outcomes: [PublishOutcome]) {
        if outcomes.contains(where: \.isPublished) { onStep(.published) }
        settle { queue in
            for (commit, outcome) in zip(batch, outcomes) {
                switch outcome {
                case .published: queue.confirm(commit.sequence)
                case .refused: queue.setAside(commit.sequence, now: .now)
                case .unavailable: queue.fail(commit.sequence)
                }
            }
        }
        if hasRoom { published.notify() }
    }

    /// Waits until a commit that was set aside is to be tried again.
    ///
    /// - Returns: the numbers to try, in order, at most so many; end with ``retried(_:_:)``. None when cancelled.
    func waitForSetAside(maximum: Int) async -> [Int64] {
        while !Task.isCancelled {
            let due = state.withLock { $0.queue.takeSetAside(now: .now, maximum: maximum) }
            guard due.isEmpty else { return due }
            if let next = state.withLock({ $0.queue.nextSetAsideDue }) {
                // One that becomes due earlier, because another one got through, is looked for soon enough.
                try? await Task.sleep(until: min(next, .now + .seconds(1)), clock: .continuous)
            } else {
                await changed.wait { state.withLock { $0.queue.nextSetAsideDue != nil } }
            }
        }
        return []
    }

    /// Notes what became of commits that were set aside. Those of which nothing is said are to be tried again.
    func retried(_ numbers: [Int64], _ batch: [OutboxCommit], _ outcomes: [PublishOutcome]) {
        if outcomes.contains(where: \.isPublished) { onStep(.published) }
        let said = Dictionary(zip(batch.map(\.sequence), outcomes)) { first, _ in first }
        settle { queue in
            for number in numbers { queue.retried(number, said[number], now: .now) }
        }
    }

    /// Behind which number to read commits back. One reader at a time; end with ``reload(_:)``.
    func beginReload() -> Int64? {
        state.withLock { state in
            guard !state.isReloading, let after = state.queue.nextSpill else { return nil }
            state.isReloading = true
            state.queue.beginReading(after: after)
            return after
        }
    }

    func reload(_ page: [OutboxCommit]) {
        state.withLock { state in
            state.queue.reload(page)
            state.isReloading = false
        }
        changed.notify()
    }

    /// The appends in doubt, in order of their numbers.
    var doubts: [OutboxQueue.Doubt] { state.withLock { $0.queue.doubts } }

    /// Ends the doubt about a number: the commit, or `nil` when there is none.
    func resolve(_ number: Int64, _ commit: OutboxCommit?) {
        settle { if let commit { $0.append(commit) } else { $0.void(number) } }
    }

    /// Whether nothing is left to be published, not even what is set aside.
    var isFinished: Bool { state.withLock { $0.queue.isDrained && $0.queue.setAsideCount == 0 } }

    /// How far everything is published; each report is a later one.
    var progress: RelayProgress {
        state.withLock { state in
            state.revision += 1
            return state.queue.progress(revision: state.revision)
        }
    }

    /// How many commits are appended and not published, how many of them are set aside, and when the oldest of the others was
    /// recorded.
    var backlog: (count: Int, setAside: Int, oldest: Timestamp?) {
        state.withLock { ($0.queue.backlog, $0.queue.setAsideCount, $0.queue.oldest) }
    }
}

/// Why an outbox accepts nothing at the moment.
public enum OutboxUnavailable: CategorizedError {
    /// More commits wait to be published than is allowed.
    case backlogFull
    /// The store has not confirmed this writer's checkpoint for a while, or not yet.
    case noCheckpoint

    /// Always ``FailureCategory/unavailable``.
    public var category: FailureCategory { .unavailable }
}

/// What has just been done to a commit. A crash after each must lose nothing.
public enum OutboxStep: String, Sendable, CaseIterable {
    /// It is in the store; what it gives up is not released, and it is not published.
    case appended
    /// What it gives up is released.
    case released
    /// It is published; the checkpoint does not know.
    case published
}
