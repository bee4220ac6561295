// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Logging
public import ServiceLifecycle

/// Keeps one read model up to date: takes deliveries in batches, folds them, writes one bulk, and acknowledges only
/// after the write is durable.
///
/// Redelivered, repeated and reordered events are harmless, and so is any number of projectors at work on the same
/// read model: each write names the version it was computed from, and one that lost a race is computed anew. Events
/// that were not delivered before those that were are read from the event store.
///
/// While the read model, the event store or the broker is away the projector keeps its batch and waits; it never drops or rejects a
/// delivery because something else is unavailable.
public struct Projector<P: Projection, Model: ReadModel<P.Document>>: Service {
    private let subscription: any EventSubscription
    private let gapReader: GapReader
    private let model: Model
    private let batchSize: Int
    private let metrics: ProjectionMetrics
    private let logger: Logger

    /// Connects a subscription to a read model.
    ///
    /// - Parameters:
    ///   - projection: the fold.
    ///   - name: the read model's permanent name, a label of its metrics.
    ///   - subscription: where events come from.
    ///   - history: the event store, for events that were not delivered.
    ///   - model: where documents go.
    ///   - batchSize: the most deliveries to put into one bulk, at least 1. It waits for none: a batch is what has
    ///     arrived.
    ///   - logger: for pauses and dead letters.
    public init(
        _ projection: P.Type, name: String, subscription: any EventSubscription, history: any EventHistory,
        model: Model, batchSize: Int, logger: Logger
    ) {
        precondition(batchSize >= 1)
        self.subscription = subscription
        gapReader = GapReader(history: history)
        self.model = model
        self.batchSize = batchSize
        self.metrics = ProjectionMetrics(projection: name)
        self.logger = logger
    }

    /// Projects until the subscription ends or a graceful shutdown begins; the batch in hand is finished first, unless
    /// what it needs is away: then its deliveries come again to whoever is next.
    ///
    /// - Throws: `CancellationError` when cancelled; deliveries not yet acknowledged will come again.
    public func run() async throws {
        guard try await repeating({ try await model.prepare() }) else { return }
        // Letters have a line of their own: while they cannot be sent, all other events go on. There are no more of
        // them than the subscription delivers unacknowledged.
        let (letters, outbox) = AsyncStream.makeStream(of: [DeadLetter].self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await batch in letters { try await send(batch) } }
            do {
                while !Task.isShuttingDownGracefully, let batch = try await next(), !batch.isEmpty {
                    let letters = try await process(batch)
                    if !letters.isEmpty { outbox.yield(letters) }
                }
            } catch {
                outbox.finish()
                throw error
            }
            outbox.finish()
            try await group.waitForAll()
        }
    }

    /// The next batch, or `nil` when a shutdown came first.
    private func next() async throws -> [EventDelivery]? {
        do {
            return try await cancelWhenGracefulShutdown { try await subscription.nextBatch(maximum: batchSize) }
        } catch  where Task.isShuttingDownGracefully && !Task.isCancelled {
            return nil
        }
    }

    /// Repeats, with growing pauses, until it succeeds.
    ///
    /// Whatever the failure, it is no reason to end the service: that would deliver the same again to the next one, and
    /// count against the delivery limit of every event in hand.
    ///
    /// - Returns: `false` when a graceful shutdown came first.
    private func repeating(
        attempts: Int = .max, _ body: () async throws -> Void
    ) async throws -> Bool {
        var backoff = Backoff(from: .milliseconds(50), to: .seconds(5))
        var attempt = 1
        while true {
            do {
                try await body()
                return true
            } catch {
                try Task.checkCancellation()
                guard attempt < attempts || FailureCategory(of: error).isPassing else { throw error }
                guard !Task.isShuttingDownGracefully else { return false }
                attempt += 1
                let delay = backoff.next()
                metrics.countPause()
                logger.warning("projection pauses", metadata: ["error": "\(error)", "retry-in": "\(delay)"])
                // A shutdown ends the pause; the next attempt is then the last.
                try? await cancelWhenGracefulShutdown { try await Task.sleep(for: delay) }
            }
        }
    }

    private func send(_ letters: [DeadLetter]) async throws {
        guard try await repeating({ try await subscription.deadLetter(letters) }) else { return }
        for letter in letters {
            metrics.deadLettered(letter.cause.reason)
            logger.error("dead letter", metadata: ["reason": "\(letter.cause)"])
        }
    }

    /// Applies a batch and acknowledges what is durable.
    ///
    /// - Returns: what could not be applied.
    private func process(_ batch: [EventDelivery]) async throws -> [DeadLetter] {
        var letters: [DeadLetter] = []
        var folds: [StreamID: StreamFold<P>] = [:]
        for delivery in batch {
            do throws(MalformedEvent) {
                let recorded = try delivery.event.get()
                folds[recorded.stream, default: StreamFold()].add(try P.Event.decode(recorded), recorded, delivery)
            } catch {
                letters.append(DeadLetter(delivery, error))
            }
        }
        metrics.countBatch(batch.count)
        do {
            guard try await repeating(attempts: 1, { try await apply(&folds, &letters) }) else { return letters }
        } catch {
            logger.error("a batch cannot be written", metadata: ["error": "\(error)"])
            try await applyOneByOne(folds, &letters)
        }
        return letters
    }

    /// Applies each stream's events by themselves, to find those that make a bulk fail, and puts these aside.
    ///
    /// Each gets some attempts, with pauses: what spares no stream is probably mended meanwhile.
    private func applyOneByOne(_ folds: [StreamID: StreamFold<P>], _ letters: inout [DeadLetter]) async throws {
        for (stream, fold) in folds {
            var one = [stream: fold]
            do {
                guard try await repeating(attempts: 5, { try await apply(&one, &letters) }) else { return }
            } catch {
                try Task.checkCancellation()
                let cause = MalformedEvent(.notApplicable, "\(FailureCategory(of: error).rawValue): \(error)")
                letters += (one[stream]?.deliveries ?? []).map { DeadLetter($0, cause) }
            }
        }
    }

    /// Applies the events of all streams in one bulk, loads what has moved on, fills gaps a page at a time, and goes on
    /// until all are applied. A shutdown leaves those behind a gap to whoever is next: a gap may be long.
    ///
    /// - Parameters:
    ///   - folds: what is done is taken out, so that a repeat after a failure does only the rest.
    ///   - letters: gets what cannot be applied.
    private func apply(_ folds: inout [StreamID: StreamFold<P>], _ letters: inout [DeadLetter]) async throws {
        // A stream that begins in this batch most likely has no document: writing without a look saves a round
        // trip for every new entity, and when it is wrong the write is refused and the document is loaded below.
        var toLoad = Set(folds.filter { !$0.value.startsAtBeginning }.keys)
        var documents: [StreamID: P.Document] = [:]
        while !folds.isEmpty {
            if !toLoad.isEmpty {
                let loaded = try await model.load(toLoad)
                for stream in toLoad { documents[stream] = loaded[stream] }
            }
            let outcomes = folds.map { stream, fold in
                (stream: stream, outcome: fold.apply(stream: stream, to: documents[stream]))
            }
            let changes = outcomes.compactMap(\.outcome.change)
            let lost = changes.isEmpty ? [] : try await model.write(changes)
            var settled: [EventDelivery] = []
            for (stream, outcome) in outcomes where !lost.contains(stream) {
                folds[stream] = outcome.rest.isEmpty ? nil : outcome.rest
                documents[stream] = outcome.document
                settled += outcome.settled
                letters += outcome.letters
                metrics.count(applied: outcome.applied, healed: outcome.healed, ignored: outcome.ignored)
            }
            if !settled.isEmpty { try await subscription.acknowledge(settled) }
            toLoad = lost
            if folds.count > lost.count {
                guard !Task.isShuttingDownGracefully else { return }
                try await fillGaps(of: &folds, after: documents, except: lost, &letters)
            }
        }
    }

    /// Reads the next of what is missing before the streams' events.
    private func fillGaps(
        of folds: inout [StreamID: StreamFold<P>], after documents: [StreamID: P.Document], except lost: Set<StreamID>,
        _ letters: inout [DeadLetter]
    ) async throws {
        var gaps: [StreamID: ClosedRange<Int64>] = [:]
        for (stream, fold) in folds where !lost.contains(stream) { gaps[stream] = fold.gap(after: documents[stream]) }
        for (stream, page) in try await gapReader.read(gaps) {
            guard let gap = gaps[stream], var fold = folds[stream] else { continue }
            letters += fold.fill(gap, with: page)
            folds[stream] = fold.isEmpty ? nil : fold
        }
    }
}
