// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials
internal import Logging
internal import MongoDB
internal import Synchronization
internal import Tracing

/// Appends of many callers in shared bulk inserts; ``CommitQueue`` says which and when, ``BulkInsert`` does it.
///
/// Who appends when a bulk is due commits it, with what others have waiting: nobody has to be woken for it. What is due
/// later is committed by ``run()``. Either way a bulk goes the same way: the queue gives it out, it is inserted, and the
/// queue gets back what has to be tried again, while everybody else in it has an answer (``finish(_:_:)``).
///
/// Whoever leads a bulk is not woken by it, and so has no continuation: the waiter of its entry is `nil`. If that append has
/// to be tried again, it gets one, and waits like the others.
final class GroupCommit: Sendable {
    typealias Answer = Result<AppendOutcome, any Error>
    /// Nobody waits for the answer to the append of the one who commits the bulk.
    typealias Queue = CommitQueue<CheckedContinuation<Answer, Never>?>

    /// Three full bulks keep a server busy; a fourth is for commands when those are of imports.
    private static let limits = Queue.Limits(
        appends: 8192, bulk: 256, bulks: 4, few: 4, patience: .milliseconds(250))
    /// How long an append is tried; the bulk under way at its end comes on top.
    private static let appendTimeout = Duration.seconds(8)

    private let insert: BulkInsert
    private var metrics: CommitMetrics { .shared }
    private let queue = Mutex(Queue(limits: limits))
    private let changed = Wakeup()

    init(collection: MongoCollection, logger: Logger, tracer: (any Tracer)? = nil) {
        insert = BulkInsert(collection: collection, logger: logger, tracer: tracer)
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
        let verdict = await MongoClient.withoutCancellation { await insert.commit(bulk) }
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
            while let bulk = await next() { group.addTask { self.finish(bulk, await self.insert.commit(bulk)) } }
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

    private func finish(_ bulk: [Queue.Entry], _ verdict: BulkVerdict) {
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
}
