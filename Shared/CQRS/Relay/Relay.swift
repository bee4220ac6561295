// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Logging
public import ServiceLifecycle

/// Publishes what the outbox appends, keeps its writer's checkpoint, and takes over what other writers left behind.
///
/// An event counts as published once the broker has confirmed it; one that is published twice keeps its identifier.
/// While the broker is away it pauses and tries by itself; events wait in the store meanwhile.
///
/// On a graceful shutdown it publishes what is left, for a bounded time. A checkpoint with nothing behind it is removed,
/// any other is left to whoever looks next.
public struct Relay: Service {
    let events: any EventStore
    let store: any OutboxStore
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
        store: some EventStore & OutboxStore, outbox: Outbox, publisher: any EventPublisher,
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

    // MARK: Own events

    /// Makes the store ready and the writer known, however long that takes.
    private func prepare() async -> Bool {
        await repeating("the event store cannot be prepared") {
            try await events.prepare()
            try await checkpoint(0)
        }
    }

    /// Publishes one batch at a time: what comes in meanwhile is the next. Only with much to do events gather, too.
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
            outbox.settle(batch, failures: await publish(batch))
            if batch.count >= settings.gatheringFrom { try? await Task.sleep(for: settings.gathering) }
        }
    }

    private func reload(_ after: Int64) async {
        var page: [OutboxEvent] = []
        do {
            page = try await store.events(
                of: outbox.writer, after: after, limit: max(1, min(1000, settings.memoryLimit / 2)))
        } catch {
            logger.warning("the backlog cannot be read", metadata: ["error": "\(error)"])
        }
        outbox.reload(page)
        if page.isEmpty { try? await Task.sleep(for: .milliseconds(200)) }
    }

    /// Publishes events of different streams.
    ///
    /// - Returns: for each event `nil` or why it failed.
    func publish(_ batch: [OutboxEvent]) async -> [(any Error)?] {
        var failures: [(any Error)?] = []
        for event in batch { failures.append(await release(event)) }
        let released = batch.indices.filter { failures[$0] == nil }
        let results = await publisher.publish(released.map { batch[$0].event })
        for (index, failure) in zip(released, results) { failures[index] = failure }
        let count = failures.count { $0 == nil }
        metrics.count(published: count, failed: failures.count - count)
        // Whose task was cancelled has learned nothing of the broker.
        guard count > 0 || failures.contains(where: { $0.map { FailureCategory(of: $0) } != .cancelled }) else {
            return failures
        }
        // Some may fail for reasons of their own; the broker is away when nothing gets through.
        if circuit.record(success: count > 0) {
            let failure = failures.lazy.compactMap { $0 }.first
            logger.notice(
                count > 0 ? "publishing again" : "publishing pauses",
                metadata: failure.map { ["error": "\($0)"] } ?? [:])
        }
        return failures
    }

    /// Finishes what a crash or an outage cut off between an event and the claims it gives up.
    private func release(_ event: OutboxEvent) async -> (any Error)? {
        guard !event.releases.isEmpty else { return nil }
        do {
            try await events.release(event.releases, of: event.event.stream, through: event.event.version - 1)
            return nil
        } catch {
            return error
        }
    }

    // MARK: Checkpoint

    private func keepCheckpoint() async {
        var recorded: (published: Int64, at: ContinuousClock.Instant)?
        while !Task.isCancelled {
            let snapshot = outbox.snapshot
            metrics.report(backlog: snapshot.backlog, oldest: snapshot.oldest, isCircuitOpen: circuit.isOpen)
            let now = ContinuousClock.now
            if recorded.map({ $0.published != snapshot.published || now - $0.at > settings.lease / 4 }) ?? true {
                do {
                    try await checkpoint(snapshot.published)
                    recorded = (snapshot.published, now)
                } catch {
                    logger.warning("the checkpoint cannot be written", metadata: ["error": "\(error)"])
                }
            }
            try? await Task.sleep(for: settings.checkpointInterval)
        }
    }

    private func checkpoint(_ published: Int64) async throws {
        let now = ContinuousClock.now
        // A server that has fallen silent must not cost the whole lease, where another would answer.
        try await limited(to: settings.lease / 2) { try await store.checkpoint(outbox.writer, published: published) }
        outbox.setLease(until: now + settings.lease)
    }

    /// Looks for events whose append ended without an answer.
    private func resolveDoubts() async {
        var ledger = DoubtLedger(settleTime: settings.settleTime)
        while !Task.isCancelled {
            let doubts = outbox.doubts
            if let first = doubts.first, let last = doubts.last {
                do {
                    try await resolve(doubts, from: first, through: last, &ledger)
                } catch {
                    logger.warning("appends cannot be looked up", metadata: ["error": "\(error)"])
                }
            }
            ledger.forget(allBut: Set(outbox.doubts))
            try? await Task.sleep(for: settings.checkpointInterval)
        }
    }

    private func resolve(
        _ numbers: [Int64], from first: Int64, through last: Int64, _ ledger: inout DoubtLedger
    ) async throws {
        // A store that answers reads may still sit on what was written. What is read after a durable write is not older
        // than it.
        try await checkpoint(outbox.snapshot.published)
        var found: [Int64: OutboxEvent] = [:]
        var after = first - 1
        // Those in doubt were under way together, so the pages between them are few.
        while after < last {
            let page = try await store.events(of: outbox.writer, after: after, limit: 1000)
            for event in page { found[event.sequence] = event }
            guard page.count == 1000, let end = page.last?.sequence else { break }
            after = end
        }
        for number in numbers {
            if let event = found[number] {
                outbox.resolve(number, event)
            } else if ledger.isAbsent(number) {
                outbox.resolve(number, nil)
            }
        }
    }

    // MARK: End

    private func close() async {
        // Nothing may come after the look that decides.
        outbox.setLease(until: nil)
        let snapshot = outbox.snapshot
        do {
            if snapshot.isDrained {
                try await store.remove(outbox.writer)
            } else {
                try await store.abandon(outbox.writer, published: snapshot.published)
                logger.notice(
                    "events are left to the next relay", metadata: ["backlog": "\(snapshot.backlog)"])
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
