// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials
internal import Logging
internal import MongoDB
internal import Synchronization
internal import Tracing

/// Appends of many callers in shared bulk inserts; ``CommitQueue`` says which and when.
///
/// Who appends when a bulk is due commits it, with what others have waiting: nobody has to be woken for it. What is due
/// later is committed by ``run()``.
///
/// An append whose answer is lost is inserted again until there is an answer: its `_id` makes that harmless, and a
/// conflict with it is told from a real one by the event's identifier. So are answers that have no event (``AnswerDocument``).
final class GroupCommit: Sendable {
    private typealias Answer = Result<AppendOutcome, any Error>
    /// Nobody waits for the answer to the append of the one who commits the bulk.
    private typealias Queue = CommitQueue<CheckedContinuation<Answer, Never>?>

    /// Three full bulks keep a server busy; a fourth is for commands when those are of imports.
    private static let limits = Queue.Limits(
        appends: 8192, bulk: 256, bulks: 4, few: 4, patience: .milliseconds(250))
    /// The longest wait for one bulk.
    private static let bulkTimeout = Duration.seconds(6)
    /// How long an append is tried; the bulk under way at its end comes on top.
    private static let appendTimeout = Duration.seconds(8)

    private let collection: MongoCollection
    private var metrics: CommitMetrics { .shared }
    private let logger: Logger
    private let tracer: (any Tracer)?
    private let queue = Mutex(Queue(limits: limits))
    private let changed = Wakeup()

    init(collection: MongoCollection, logger: Logger, tracer: (any Tracer)? = nil) {
        self.collection = collection
        self.logger = logger
        self.tracer = tracer
    }

    /// Appends one document with whatever else there is to append. Not cancellable: it ends in bounded time.
    ///
    /// - Throws: ``AppendOutcomeUnknown``; after any other error nothing was appended.
    func append(_ document: NewDocument) async throws -> AppendOutcome {
        let entry = Queue.Entry(document: document, deadline: .now + Self.appendTimeout, waiter: nil)
        if let (bulk, expired) = queue.withLock({ $0.lead(entry, now: .now) }) {
            resume(expired)
            return try await lead(bulk).get()
        }
        return try await withCheckedContinuation { waiter in
            let (isAccepted, isDue) = queue.withLock { ($0.add(entry.waited(by: waiter)), $0.isDue(at: .now)) }
            if !isAccepted { waiter.resume(returning: .failure(MongoError(.queueFull))) }
            if isDue { changed.notify() }
        }.get()
    }

    /// Commits a bulk for everybody in it.
    ///
    /// Others depend on it, so it goes on although the caller is cancelled. It is one bulk only: what has come in
    /// meanwhile is the next one's, or ``run()``'s.
    ///
    /// - Returns: the answer to the caller's own append.
    private func lead(_ bulk: [Queue.Entry]) async -> Answer {
        let verdict = await MongoClient.withoutCancellation { await commit(bulk) }
        if let own = verdict.resolutions.first(where: { $0.waiter == nil }) {
            finish(bulk, verdict)
            return own.result
        }
        // It has to be tried again, and then it is an append like the others.
        return await withCheckedContinuation { waiter in
            var verdict = verdict
            verdict.again = verdict.again.map { $0.waiter == nil ? $0.waited(by: waiter) : $0 }
            finish(bulk, verdict)
        }
    }

    /// Accepts nothing more; ``run()`` ends when the rest is done.
    func close() {
        queue.withLock { $0.close() }
        changed.notify()
    }

    /// Commits until ``close()``, or until cancelled; then those who wait are told that nothing is known.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.watch() }
            while let bulk = await next() { group.addTask { self.finish(bulk, await self.commit(bulk)) } }
            // At the end there is no bulk under way, or all are cancelled anyway.
            group.cancelAll()
        }
        resume(queue.withLock { $0.drain() })
    }

    /// The next bulk when it is due, or `nil` when there is none for ever.
    private func next() async -> [Queue.Entry]? {
        while !Task.isCancelled {
            let (next, expired) = queue.withLock { $0.next(now: .now) }
            resume(expired)
            switch next {
            case .commit(let bulk): return bulk
            case .pause(let end): try? await Task.sleep(until: end, clock: .continuous)
            case .wait: await changed.wait { queue.withLock { $0.isDue(at: .now) } }
            case .end: return nil
            }
        }
        return nil
    }

    /// Has the others go out when a bulk takes too long.
    private func watch() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.limits.patience)
            if queue.withLock({ $0.isDue(at: .now) }) { changed.notify() }
        }
    }

    private func finish(_ bulk: [Queue.Entry], _ verdict: Verdict) {
        let (expired, isDue) = queue.withLock { queue in
            let now = ContinuousClock.now
            let expired = queue.finish(bulk, again: verdict.again, isFailure: verdict.isFailure, now: now)
            return (expired, queue.isDue(at: now))
        }
        if isDue { changed.notify() }
        resume(verdict.resolutions + expired)
        metrics.count(verdict.resolutions + expired)
    }

    private func resume(_ resolutions: [Queue.Resolution]) {
        for resolution in resolutions { resolution.waiter?.resume(returning: resolution.result) }
    }

    // MARK: One bulk

    /// What a bulk led to.
    private struct Verdict {
        var resolutions: [Queue.Resolution] = []
        /// To be tried again.
        var again: [Queue.Entry] = []
        /// Whether the database is in trouble, so that the next bulk had better wait.
        var isFailure = false

        mutating func settle(_ entry: Queue.Entry, _ outcome: AppendOutcome) {
            resolutions.append(Queue.Resolution(waiter: entry.waiter, result: .success(outcome)))
        }

        /// An attempt failed without a trace; earlier ones may have left one.
        mutating func fail(_ entry: Queue.Entry, _ error: any Error) {
            if entry.isDoubtful {
                again.append(entry)
            } else {
                resolutions.append(Queue.Resolution(waiter: entry.waiter, result: .failure(error)))
            }
        }

        mutating func doubt(_ entry: Queue.Entry) {
            var entry = entry
            entry.isDoubtful = true
            again.append(entry)
        }
    }

    private func commit(_ batch: [Queue.Entry]) async -> Verdict {
        guard
            let span = tracer?.startSpan(
                "insert \(collection.name)", ofKind: .client, from: batch.lazy.map(\.document.traceParent))
        else { return await insert(batch) }
        defer { span.end() }
        span.describe("insert", on: collection, count: batch.count)
        let verdict = await insert(batch)
        // What is tried again has not failed yet.
        for resolution in verdict.resolutions {
            if case .failure(let error) = resolution.result { span.fail(error) }
        }
        return verdict
    }

    private func insert(_ batch: [Queue.Entry]) async -> Verdict {
        var verdict = Verdict()
        metrics.countBatch(batch.count)
        let result: BulkWriteResult
        do {
            result = try await collection.bulkWrite(
                batch.map { .insertOne($0.document.document) }, ordered: false, timeout: Self.bulkTimeout)
        } catch {
            logger.warning("a bulk of appends failed", metadata: ["error": "\(error)", "appends": "\(batch.count)"])
            verdict.isFailure = true
            for entry in batch { if error.outcomeUnknown { verdict.doubt(entry) } else { verdict.fail(entry, error) } }
            return verdict
        }
        let errors = Dictionary(result.writeErrors.map { ($0.index, $0) }) { first, _ in first }
        var collisions: [(Queue.Entry, BulkWriteError)] = []
        for (index, entry) in batch.enumerated() {
            if let error = errors[index] {
                if error.code == .duplicateKey, result.writeConcernError != nil {
                    // What it ran into may be its own first attempt, which majority reads do not show yet.
                    verdict.again.append(entry)
                } else if error.code == .duplicateKey {
                    collisions.append((entry, error))
                } else {
                    verdict.fail(entry, error)
                }
            } else if result.writeConcernError != nil {
                // Applied, but not yet where it survives the loss of a server.
                verdict.doubt(entry)
            } else {
                verdict.settle(entry, .appended)
            }
        }
        if let error = result.writeConcernError {
            logger.warning("appends are not confirmed", metadata: ["error": "\(error)"])
            verdict.isFailure = true
        }
        if !collisions.isEmpty { await resolve(collisions, &verdict) }
        return verdict
    }

    /// Finds out what those that the server refused as duplicates ran into.
    private func resolve(_ collisions: [(entry: Queue.Entry, error: BulkWriteError)], _ verdict: inout Verdict) async {
        let lookup: CollisionLookup
        do {
            lookup = try await CollisionLookup(
                own: collisions.filter(\.entry.isDoubtful).map(\.entry.document),
                claims: collisions.compactMap { Self.claim(in: $0.error) }, in: collection)
        } catch {
            verdict.isFailure = true
            for (entry, _) in collisions { verdict.fail(entry, error) }
            return
        }
        for (entry, error) in collisions {
            if lookup.holds(entry.document) {
                verdict.settle(entry, .appended)
            } else if let claim = Self.claim(in: error) {
                if let holder = lookup.holders[claim] {
                    verdict.settle(entry, .claimTaken(claim, by: holder))
                } else {
                    // Released meanwhile.
                    verdict.again.append(entry)
                }
            } else if entry.isDoubtful, !lookup.hasOther(entry.document) {
                // Its own first attempt perhaps, and not yet where majority reads see it.
                verdict.again.append(entry)
            } else {
                verdict.settle(entry, .versionConflict)
            }
        }
    }

    /// The claim that was taken, unless the collision was about stream and version.
    private static func claim(in error: BulkWriteError) -> Claim? {
        guard error.keyPattern?[EventDocument.id] == nil else { return nil }
        return error.keyValue?[EventDocument.claims]?.stringValue.map { Claim(stored: $0) }
    }
}
