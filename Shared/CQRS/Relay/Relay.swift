// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
public import Logging
public import ServiceLifecycle

/// Publishes what the outbox appends, keeps its writer's checkpoint, and takes over what other writers left behind.
///
/// A commit counts as published once the broker has confirmed all its events; one that is published twice keeps its
/// identifier. While the broker is away it pauses and tries by itself; commits wait in the store meanwhile.
///
/// On a graceful shutdown it publishes what is left, for a bounded time. A checkpoint with nothing behind it is removed,
/// any other is left to whoever looks next.
public struct Relay: Service {
    let events: any EventStore
    let store: any WriterCheckpoints
    let outbox: Outbox
    private let publisher: any EventPublisher
    let settings: RelaySettings
    let circuit = Circuit()
    let metrics = RelayMetrics()
    let logger: Logger

    /// Connects an outbox with a broker.
    ///
    /// - Parameters:
    ///   - store: the outbox's own.
    ///   - outbox: what to publish.
    ///   - publisher: where to.
    ///   - settings: the outbox's own.
    ///   - logger: for the circuit and take-overs.
    public init(
        store: some EventStore & WriterCheckpoints, outbox: Outbox, publisher: any EventPublisher,
        settings: RelaySettings = RelaySettings(), logger: Logger
    ) {
        events = store
        self.store = store
        self.outbox = outbox
        self.publisher = publisher
        self.settings = settings
        self.logger = logger
    }

    /// Relays until a graceful shutdown; whatever fails is tried again.
    public func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Nothing can be appended before.
                guard await prepare() else { return }
                await withTaskGroup(of: Void.self) { parts in
                    parts.addTask { await publishOwn() }
                    parts.addTask { await publishSetAside() }
                    parts.addTask { await keepCheckpoint() }
                    parts.addTask { await resolveDoubts() }
                    parts.addTask { await takeOverOthers() }
                }
            }
            try? await gracefulShutdown()
            try? await limited(to: settings.drainTimeout) { await outbox.waitUntilDrained() }
            group.cancelAll()
        }
        try? await limited(to: settings.closeTimeout) { await close() }
    }

    // MARK: Own commits

    /// Makes the store ready and the writer known, however long that takes.
    private func prepare() async -> Bool {
        await repeating("the event store cannot be prepared") {
            try await events.prepare()
            try await checkpoint(outbox.progress)
        }
    }

    /// Publishes one batch at a time: what comes in meanwhile is the next. Only with much to do commits gather, too.
    private func publishOwn() async {
        while !Task.isCancelled {
            await outbox.waitForWork()
            if let after = outbox.beginReload() { await reload(after) }
            let isProbe = await circuit.pass()
            let batch = outbox.take(maximum: isProbe ? 1 : settings.batchSize)
            guard !batch.isEmpty else {
                if isProbe { circuit.returnProbe() }
                continue
            }
            let outcomes = await publish(batch)
            outbox.settle(batch, outcomes)
            var waiting: Set<StreamID> = []
            for (commit, outcome) in zip(batch, outcomes) {
                let first = commit.commit.first
                guard case .refused(let error) = outcome, waiting.insert(first.stream).inserted else { continue }
                logger.error(
                    "an event cannot be published; it and its stream wait",
                    metadata: [
                        "event": "\(first.id)", "type": "\(first.type)", "stream": "\(first.stream)",
                        "error": "\(error)",
                    ])
            }
            if batch.count >= settings.gatheringFrom { try? await Task.sleep(for: settings.gathering) }
        }
    }

    private func reload(_ after: Int64) async {
        var page: [OutboxCommit] = []
        do {
            page = try await store.commits(
                of: outbox.writer, after: after, limit: max(1, min(1000, settings.memoryLimit / 2)))
        } catch {
            logger.warning("the backlog cannot be read", metadata: ["error": "\(error)"])
        }
        outbox.reload(page)
        if page.isEmpty { try? await Task.sleep(for: .milliseconds(200)) }
    }

    /// Tries again what was set aside, each when its time has come.
    private func publishSetAside() async {
        while !Task.isCancelled {
            let numbers = await outbox.waitForSetAside(maximum: 500)
            var found: [OutboxCommit] = []
            var outcomes: [PublishOutcome] = []
            do {
                // Whether the broker is there is for others to find out.
                while circuit.isOpen { try await Task.sleep(for: .milliseconds(200)) }
                found = try await store.commits(of: outbox.writer, numbered: numbers)
                if !found.isEmpty { outcomes = await publish(found) }
                // What is not there is tried again, and there is no hurry.
                if found.count < numbers.count { try await Task.sleep(for: .seconds(1)) }
            } catch {
                guard !Task.isCancelled else { return }
                logger.warning("what is set aside cannot be read", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: .seconds(1))
            }
            outbox.retried(numbers, found, outcomes)
            let count = outcomes.count(where: \.isPublished)
            if count > 0 {
                logger.notice("published what was set aside", metadata: ["count": "\(count)"])
            }
        }
    }

    /// Publishes commits, those of a stream in order.
    ///
    /// - Returns: what became of each.
    func publish(_ batch: [OutboxCommit]) async -> [PublishOutcome] {
        var unreleased: [StreamID: PublishOutcome] = [:]
        for commit in batch where !commit.releases.isEmpty && unreleased[commit.commit.stream] == nil {
            if let error = await release(commit) { unreleased[commit.commit.stream] = .unavailable(error) }
        }
        // What follows in a stream waits with what comes before it.
        let sent = unreleased.isEmpty ? batch : batch.filter { unreleased[$0.commit.stream] == nil }
        let answers = sent.isEmpty ? [] : await publisher.publish(sent.events)
        var results = sent.outcomes(answers)[...]
        let outcomes = batch.map { unreleased[$0.commit.stream] ?? results.removeFirst() }
        let published = zip(batch, outcomes).reduce(0) { $0 + ($1.1.isPublished ? $1.0.commit.count : 0) }
        metrics.count(published: published, failed: batch.reduce(0) { $0 + $1.commit.count } - published)
        // A broker that refuses an event answers. It is away when nothing gets through for want of an answer.
        let failure = outcomes.lazy.compactMap { if case .unavailable(let error) = $0 { error } else { nil } }.first
        let isAnswering = failure == nil || answers.contains(where: \.isPublished)
        // Whose task was cancelled has learned nothing of the broker.
        if let failure, !isAnswering, FailureCategory(of: failure) == .cancelled { return outcomes }
        if circuit.record(success: isAnswering) {
            logger.notice(
                isAnswering ? "publishing again" : "publishing pauses",
                metadata: failure.map { ["error": "\($0)"] } ?? [:])
        }
        return outcomes
    }

    /// Finishes what a crash or an outage cut off between a commit and the claims it gives up.
    ///
    /// - Returns: why it may not be published yet.
    private func release(_ commit: OutboxCommit) async -> (any Error)? {
        do {
            try await events.release(
                commit.releases, of: commit.commit.stream, through: commit.commit.first.version - 1)
            return nil
        } catch {
            return error
        }
    }

    // MARK: Checkpoint

    private func keepCheckpoint() async {
        var recorded: (progress: RelayProgress, at: ContinuousClock.Instant)?
        while !Task.isCancelled {
            let backlog = outbox.backlog
            metrics.report(
                backlog: backlog.count, setAside: backlog.setAside, oldest: backlog.oldest,
                isCircuitOpen: circuit.isOpen)
            let now = ContinuousClock.now
            let progress = outbox.progress
            if recorded.map({ !$0.progress.isSame(as: progress) || now - $0.at > settings.lease / 4 }) ?? true {
                do {
                    try await checkpoint(progress)
                    recorded = (progress, now)
                } catch {
                    logger.warning("the checkpoint cannot be written", metadata: ["error": "\(error)"])
                }
            }
            try? await Task.sleep(for: settings.checkpointInterval)
        }
    }

    private func checkpoint(_ progress: RelayProgress) async throws {
        let now = ContinuousClock.now
        // For as long as an answer is of use: where a server has fallen silent the store asks another meanwhile, and a new
        // attempt would wait for the silent one from the beginning.
        try await limited(to: settings.lease) { try await store.checkpoint(outbox.writer, progress) }
        outbox.setLease(until: now + settings.lease)
    }

    /// Looks for commits whose append ended without an answer.
    private func resolveDoubts() async {
        var ledger = DoubtLedger(settleTime: settings.settleTime)
        while !Task.isCancelled {
            let doubts = outbox.doubts
            if !doubts.isEmpty {
                do {
                    try await resolve(doubts, &ledger)
                } catch {
                    logger.warning("appends cannot be looked up", metadata: ["error": "\(error)"])
                }
            }
            ledger.forget(allBut: Set(outbox.doubts.map(\.number)))
            try? await Task.sleep(for: settings.checkpointInterval)
        }
    }

    private func resolve(_ doubts: [OutboxQueue.Doubt], _ ledger: inout DoubtLedger) async throws {
        // A store that answers reads may still sit on what was written. What is read after a durable write is not older
        // than it.
        try await checkpoint(outbox.progress)
        for start in stride(from: 0, to: doubts.count, by: 1000) {
            let some = doubts[start..<min(start + 1000, doubts.count)]
            let found = try await store.commits(of: outbox.writer, numbered: some.map(\.number))
            let commits = Dictionary(found.map { ($0.sequence, $0) }) { first, _ in first }
            for doubt in some {
                if let commit = commits[doubt.number] {
                    outbox.resolve(doubt.number, commit)
                } else if doubt.isDecidable || ledger.hasSettled(doubt.number) {
                    outbox.resolve(doubt.number, nil)
                }
            }
        }
    }

    // MARK: End

    private func close() async {
        // Nothing may come after the look that decides.
        outbox.setLease(until: nil)
        let left = outbox.backlog.count
        do {
            if outbox.isFinished {
                try await store.remove(outbox.writer)
            } else {
                try await store.abandon(outbox.writer, outbox.progress)
                logger.notice("commits are left to the next relay", metadata: ["backlog": "\(left)"])
            }
        } catch {
            logger.warning("the checkpoint stays behind", metadata: ["error": "\(error)"])
        }
    }

    /// Repeats with growing pauses until it succeeds.
    ///
    /// - Returns: `false` when cancelled before.
    private func repeating(_ complaint: Logger.Message, _ body: () async throws -> Void) async -> Bool {
        var backoff = Backoff(from: .milliseconds(50), to: .seconds(2))
        while !Task.isCancelled {
            do {
                try await body()
                return true
            } catch {
                logger.warning(complaint, metadata: ["error": "\(error)"])
                try? await Task.sleep(for: backoff.next())
            }
        }
        return false
    }
}
