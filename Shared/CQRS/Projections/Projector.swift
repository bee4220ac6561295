// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Logging
public import ServiceLifecycle

/// Keeps one read model up to date: takes deliveries in batches, folds them, writes one bulk, and acknowledges only
/// after the write is durable.
///
/// Redelivered, repeated and reordered events are harmless, and so is any number of projectors at work on the same
/// read model: each write names the version it was computed from, and one that lost a race is computed anew.
///
/// While the read model or the broker is away the projector keeps its batch and waits; it never drops or rejects a
/// delivery because something else is unavailable.
public struct Projector<P: Projection, Model: ReadModel<P.Document>>: Service {
    private let subscription: any EventSubscription
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
    ///   - model: where documents go.
    ///   - batchSize: the most deliveries to put into one bulk, at least 1. It waits for none: a batch is what has
    ///     arrived.
    ///   - logger: for pauses and dead letters.
    public init(
        _ projection: P.Type, name: String, subscription: any EventSubscription, model: Model, batchSize: Int,
        logger: Logger
    ) {
        precondition(batchSize >= 1)
        self.subscription = subscription
        self.model = model
        self.batchSize = batchSize
        self.metrics = ProjectionMetrics(projection: name)
        self.logger = logger
    }

    /// Projects until the subscription ends or a graceful shutdown begins; the batch in hand is finished first.
    ///
    /// - Throws: `CancellationError` when cancelled; deliveries not yet acknowledged will come again.
    public func run() async throws {
        try await untilAvailable { try await model.prepare() }
        while let batch = try await next(), !batch.isEmpty {
            try await untilAvailable { try await process(batch) }
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

    /// Repeats until it succeeds or fails for a reason that waiting does not mend.
    private func untilAvailable(_ body: () async throws -> Void) async throws {
        var backoff = Backoff(from: .milliseconds(50), to: .seconds(5))
        while true {
            do {
                return try await body()
            } catch {
                try Task.checkCancellation()
                switch FailureCategory(of: error) {
                case .unavailable, .transient:
                    let delay = backoff.next()
                    metrics.countPause()
                    logger.warning(
                        "projection pauses", metadata: ["error": "\(error)", "retry-in": "\(delay)"])
                    try await Task.sleep(for: delay)
                case .rejected, .malformed, .internal:
                    throw error
                }
            }
        }
    }

    private func process(_ batch: [EventDelivery]) async throws {
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

        // A stream that begins in this batch most likely has no document: writing without a look saves a round
        // trip for every new entity, and when it is wrong the write is refused and the document is loaded below.
        var toLoad = Set(folds.filter { !$0.value.startsAtBeginning }.keys)
        var settled: [EventDelivery] = []
        while !folds.isEmpty {
            let documents = toLoad.isEmpty ? [:] : try await model.load(toLoad)
            let outcomes = folds.map { stream, fold in
                (stream: stream, outcome: fold.apply(stream: stream, to: documents[stream]))
            }
            let changes = outcomes.compactMap(\.outcome.change)
            let lost = changes.isEmpty ? [] : try await model.write(changes)
            for (stream, outcome) in outcomes where !lost.contains(stream) {
                folds[stream] = nil
                settled += outcome.settled
                letters += outcome.letters
                metrics.count(applied: outcome.applied, ignored: outcome.ignored)
            }
            toLoad = lost
        }

        metrics.countBatch(batch.count)
        if !settled.isEmpty { try await subscription.acknowledge(settled) }
        if !letters.isEmpty {
            try await subscription.deadLetter(letters)
            for letter in letters {
                metrics.deadLettered(letter.cause.reason)
                logger.error("dead letter", metadata: ["reason": "\(letter.cause)"])
            }
        }
    }
}
