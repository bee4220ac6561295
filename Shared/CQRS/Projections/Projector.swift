// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
public import Logging
public import ServiceLifecycle
internal import Tracing

/// Keeps one read model up to date: takes deliveries in batches, folds them, writes one bulk, and acknowledges only
/// after the write is durable.
///
/// Redelivered, repeated and reordered events are harmless, and so is any number of projectors at work on the same
/// read model: each write names the version it was computed from, and one that lost a race is computed anew. Events
/// that were not delivered before those that were are read from the event store.
///
/// While the read model, the event store or the broker is away the projector keeps its batch and waits; it never drops or
/// rejects a delivery because something else is unavailable. What fails for a reason of one stream's own comes again after
/// a pause, while the others go on, and is put aside when it has failed often enough. What cannot be understood is put
/// aside at once, and so is what follows in its stream on an event that cannot be applied.
///
/// Those who keep what they have read are told of each stream before its events are acknowledged: whoever ends in between
/// is followed by one to whom they are delivered again, and who tells of them again.
public struct Projector<P: Projection, Model: ReadModel<P.Document>>: Service {
    let subscription: any EventSubscription
    let gapReader: GapReader
    let model: Model
    private let notices: any ChangeNotices
    private let batchSize: Int
    private let tracing: ProjectionTracing?
    /// From so many deliveries a second on a batch gathers: a bulk costs the read model, the broker and who is told of it as
    /// much as several of its documents.
    private static var gathersFrom: Double { 1000 }
    private static var gathering: Duration { .milliseconds(25) }
    /// With so many deliveries it is worth its cost already, as where there is a backlog.
    private static var enough: Int { 128 }
    let onStep: @Sendable (ProjectorStep) -> Void
    let stopped: StoppedStreams
    let metrics: ProjectionMetrics
    let logger: Logger

    /// Connects a subscription to a read model.
    ///
    /// - Parameters:
    ///   - projection: the fold.
    ///   - name: the read model's permanent name, a label of its metrics.
    ///   - subscription: where events come from.
    ///   - history: the event store, for events that were not delivered.
    ///   - model: where documents go.
    ///   - notices: tells those who read them.
    ///   - batchSize: the most deliveries to put into one bulk, at least 1. A batch is what has arrived; where
    ///     much arrives, it is that of 25 ms.
    ///   - stopped: the streams that have stopped; several projectors of one read model share them.
    ///   - tracing: traces batches; `nil` traces nothing.
    ///   - logger: for pauses, retries and dead letters.
    ///   - onStep: called after each step of a batch.
    public init(
        _ projection: P.Type, name: String, subscription: any EventSubscription, history: any EventHistory,
        model: Model, notices: any ChangeNotices = NobodyToTell(), batchSize: Int,
        stopped: StoppedStreams = StoppedStreams(), tracing: ProjectionTracing? = nil, logger: Logger,
        onStep: @escaping @Sendable (ProjectorStep) -> Void = { _ in }
    ) {
        precondition(batchSize >= 1)
        self.subscription = subscription
        gapReader = GapReader(history: history)
        self.model = model
        self.notices = notices
        self.batchSize = batchSize
        self.stopped = stopped
        self.tracing = tracing
        self.metrics = ProjectionMetrics(projection: name)
        self.logger = logger
        self.onStep = onStep
    }

    /// Projects until the subscription ends or a graceful shutdown begins; the batch in hand is finished first, unless
    /// what it needs is away: then its deliveries come again to whoever is next.
    ///
    /// - Throws: `CancellationError` when cancelled; deliveries not yet acknowledged will come again.
    public func run() async throws {
        guard try await repeating({ try await model.prepare() }) else { return }
        let check = StoppedStreamsCheck(
            stopped: stopped, model: model, history: gapReader.history, metrics: metrics)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await check.run() }
            defer { group.cancelAll() }
            try await projectAll()
        }
    }

    private func projectAll() async throws {
        // Letters and retries have lines of their own: while they cannot be sent, all other events go on. There are no
        // more of them than the subscription delivers unacknowledged.
        let (letters, letterBox) = AsyncStream.makeStream(of: [DeadLetter].self)
        let (retries, retryBox) = AsyncStream.makeStream(of: [FailedDelivery].self)
        let settled = SettledDeliveries()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await batch in letters { try await send(batch) } }
            group.addTask { for await batch in retries { try await send(batch) } }
            group.addTask {
                defer {
                    letterBox.finish()
                    retryBox.finish()
                }
                while let group = await settled.next() {
                    guard try await tell(group.changed) else { continue }
                    if !group.leftovers.letters.isEmpty { letterBox.yield(group.leftovers.letters) }
                    if !group.leftovers.retries.isEmpty { retryBox.yield(group.leftovers.retries) }
                    try await acknowledge(group.deliveries)
                }
            }
            defer { settled.finish() }
            // One handler for all batches: a task that watches for the shutdown beside each wait would cost more than the
            // wait.
            try await withGracefulShutdownHandler {
                var rate = ArrivalRate(now: .now)
                var batch = try await nextBatch()
                while !batch.isEmpty {
                    let (present, isMuch) = (batch, batch.count >= min(Self.enough, batchSize))
                    if isMuch {
                        // There is a backlog: the next batch is read while this one is written.
                        async let next = nextBatch()
                        try await process(present, settled)
                        batch = try await next
                    } else {
                        try await process(present, settled)
                        if rate.perSecond >= Self.gathersFrom { try await Task.sleep(for: Self.gathering) }
                        batch = try await nextBatch()
                    }
                    rate.note(batch.count, now: .now)
                }
            } onGracefulShutdown: { [subscription] in
                subscription.stopDelivering()
            }
        }
    }

    /// Repeats, with growing pauses, until it succeeds.
    ///
    /// No failure is a reason to end the service: that would deliver the same again to the next one, and count against
    /// the delivery limit of every event in hand.
    ///
    /// - Parameter isWaitedFor: which failures are waited for; others are thrown.
    /// - Returns: `false` when a graceful shutdown came first.
    func repeating(
        where isWaitedFor: (any Error) -> Bool = { _ in true }, _ body: () async throws -> Void
    ) async throws -> Bool {
        var backoff = Backoff(from: .milliseconds(50), to: .seconds(5))
        while true {
            do {
                try await body()
                return true
            } catch {
                try Task.checkCancellation()
                guard isWaitedFor(error) else { throw error }
                guard !Task.isShuttingDownGracefully else { return false }
                let delay = backoff.next()
                metrics.countPause()
                logger.warning(
                    "projection pauses", metadata: ["error": "\(SafeText.of(error))", "retry-in": "\(delay)"])
                // A shutdown ends the pause; the next attempt is then the last.
                try? await cancelWhenGracefulShutdown { try await Task.sleep(for: delay) }
            }
        }
    }

    /// - Returns: `false` when a graceful shutdown came first: the deliveries come again, to somebody who tells.
    private func tell(_ changed: [StreamID: ChangeNotice]) async throws -> Bool {
        guard !changed.isEmpty else { return true }
        guard try await repeating({ try await notices.tell(Array(changed.values)) }) else { return false }
        onStep(.told)
        return true
    }

    private func acknowledge(_ deliveries: [EventDelivery]) async throws {
        guard !deliveries.isEmpty else { return }
        _ = try await repeating { try await subscription.acknowledge(deliveries) }
        onStep(.acknowledged)
    }

    private func send(_ letters: [DeadLetter]) async throws {
        guard try await repeating({ try await subscription.deadLetter(letters) }) else { return }
        for letter in letters {
            metrics.deadLettered(letter.cause.reason)
            logger.error(
                "dead letter", metadata: ["reason": "\(letter.cause)", "category": "\(letter.category.rawValue)"])
        }
    }

    private func send(_ failures: [FailedDelivery]) async throws {
        guard try await repeating({ try await subscription.retry(failures) }) else { return }
        metrics.countRetries(failures.count)
    }

    /// Deliveries, read.
    private struct Batch: Sendable {
        var count: Int
        var folds: [StreamID: StreamFold<P>] = [:]
        var letters: [DeadLetter] = []
        /// The places of its events in their traces; none while nothing is traced.
        var origins: [String?] = []

        var isEmpty: Bool { count == 0 }
    }

    /// Waits for deliveries, and reads them.
    ///
    /// - Returns: an empty batch at the end.
    private func nextBatch() async throws -> Batch {
        let deliveries = try await subscription.nextBatch(maximum: batchSize)
        var batch = Batch(count: deliveries.count)
        for delivery in deliveries {
            do throws(MalformedEvent) {
                let recorded = try delivery.event.get()
                if tracing != nil { batch.origins.append(recorded.metadata.traceparent) }
                batch.folds[recorded.stream, default: StreamFold()].add(
                    try P.Event.decode(recorded), recorded, delivery)
            } catch {
                batch.letters.append(DeadLetter(delivery, error))
            }
        }
        return batch
    }

    /// Applies a batch, and settles it.
    private func process(_ batch: Batch, _ settled: SettledDeliveries) async throws {
        guard let span = tracing?.begin(batch.origins, count: batch.count) else {
            _ = try await apply(batch, settled)
            return
        }
        defer { span.end() }
        let leftovers = try await InstrumentationContext.withValue(span.context) { try await apply(batch, settled) }
        // What is tried again has not failed yet.
        if !leftovers.retries.isEmpty { span.addEvent(SpanEvent(name: "retry")) }
        if let letter = leftovers.letters.first { span.fail(letter.cause.reason.rawValue) }
    }

    /// - Returns: what is put aside, or comes again.
    private func apply(_ batch: Batch, _ settled: SettledDeliveries) async throws -> Leftovers {
        var leftovers = Leftovers()
        leftovers.letters = batch.letters
        metrics.countBatch(batch.count)
        try await isolate(batch.folds, settled, &leftovers)
        if !leftovers.letters.isEmpty { stopped.add(leftovers.letters) }
        metrics.show(stoppedStreams: stopped.count)
        settled.add(leftovers)
        return leftovers
    }
}

/// What has happened to events on their way through a projector, in order.
public enum ProjectorStep: String, Sendable, CaseIterable {
    /// Their documents are durable.
    case written
    /// Those who read are told.
    case told
    /// They will not be delivered again.
    case acknowledged
}
