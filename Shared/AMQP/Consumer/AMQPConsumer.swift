// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Logging
import Synchronization

/// Takes messages from a queue, in batches.
///
/// ``run()`` keeps the connection and makes it again when it is lost. The broker then delivers again whatever was not
/// acknowledged, so every message comes at least once; ``AMQPDelivery/redelivered`` tells that it may have come before.
public final class AMQPConsumer: Sendable {
    private let core: ConsumerCore
    private let queue: String
    private let prefetch: UInt16
    private let topology: AMQPTopology?
    private let willDeclare: (@Sendable () async throws -> Void)?
    private let willCreateQueue: (@Sendable () async throws -> Void)?
    private let logger: Logger
    private let hasRun = Atomic<Bool>(false)

    /// A consumer, which connects when ``run()`` is called.
    ///
    /// - Parameters:
    ///   - configuration: where to connect, and every limit.
    ///   - queue: the queue to consume.
    ///   - prefetch: how many deliveries the broker sends ahead of their acknowledgement, at least 1. It bounds the memory.
    ///   - topology: declared on each connection before consuming.
    ///   - willDeclare: called on each connection before anything is declared; when it throws, nothing is, and all of it is tried
    ///     again. It should take a few seconds at most, for the broker waits.
    ///   - willCreateQueue: called each time the queue is found missing, before the topology is declared. Whatever was in
    ///     a deleted queue is lost, and so is what would have been routed to it: here one can take note of that where it
    ///     outlasts this process. It should take a few seconds at most, for the broker waits; when it throws, nothing is
    ///     declared, and all of it is tried again.
    ///   - logger: gets connections made and lost, at `info` or below.
    public init(
        configuration: AMQPConfiguration, queue: String, prefetch: UInt16, topology: AMQPTopology? = nil,
        willDeclare: (@Sendable () async throws -> Void)? = nil,
        willCreateQueue: (@Sendable () async throws -> Void)? = nil, logger: Logger
    ) {
        // The broker takes 0 for "no limit".
        precondition(prefetch > 0, "a consumer without a prefetch limit has no memory limit")
        core = ConsumerCore(configuration: configuration)
        self.queue = queue
        self.prefetch = prefetch
        self.topology = topology
        self.willDeclare = willDeclare
        self.willCreateQueue = willCreateQueue
        self.logger = logger
        Watchdog.shared.add(core)
    }

    deinit { Watchdog.shared.remove(core) }

    /// The state of the connection.
    public var status: AMQPStatus { core.status }

    /// How many deliveries wait for an answer, those included that nobody has asked for yet; 0 without a connection, when
    /// they are the broker's again.
    public var unsettledCount: Int { core.unsettledCount }

    /// Waits for at least one delivery, and returns all that have arrived, in order, up to a maximum.
    ///
    /// Several tasks may wait; each delivery goes to one of them. A lost connection is not an error here: the wait goes
    /// on.
    ///
    /// - Parameter maximum: the largest batch, at least 1.
    /// - Returns: the deliveries; none only after ``stopDelivering()`` or once ``run()`` is ending.
    /// - Throws: ``AMQPError/Code/cancelled`` when the task is cancelled.
    public func nextBatch(maximum: Int) async throws(AMQPError) -> [AMQPDelivery] {
        precondition(maximum > 0, "a batch has at least one delivery")
        guard let deliveries = await core.next(maximum: maximum) else {
            throw AMQPError(.cancelled, "the task was cancelled")
        }
        return deliveries
    }

    /// Hands out nothing more: who waits in ``nextBatch(maximum:)`` gets an empty batch, and so does whoever asks from now
    /// on.
    ///
    /// The connection stays, so what was handed out can be settled. What was not goes back to the queue when ``run()`` ends.
    /// Returns at once; may be called more than once.
    public func stopDelivering() { core.stopDelivering() }

    /// Since when deliveries come: the first one's arrival since this last took its place at the queue. `nil` while none has come.
    public var deliveredSince: ContinuousClock.Instant? { core.deliveredSince }

    /// Goes to the end of the line at a queue that one consumer at a time takes from (RabbitMQ, "Single Active Consumer"): the
    /// next one in line takes its place. What was delivered is still this one's to handle and settle.
    ///
    /// Returns at once; without a connection it does nothing.
    public func giveWay() { core.giveWay() }

    // Settling returns at once; the answers go out together, in as few frames as possible. A delivery of an earlier
    // connection, or one that was settled before, is ignored.

    /// Tells the broker that a delivery is done.
    public func acknowledge(_ delivery: AMQPDelivery) {
        core.settle(delivery.tag, multiple: false, .acknowledge)
    }

    /// Tells the broker that these deliveries are done.
    public func acknowledge(_ deliveries: some Sequence<AMQPDelivery>) {
        core.settle(deliveries, .acknowledge)
    }

    /// Tells the broker that this delivery and all earlier ones of its connection are done, those of other batches
    /// included.
    public func acknowledge(through delivery: AMQPDelivery) {
        core.settle(delivery.tag, multiple: true, .acknowledge)
    }

    /// Gives a delivery back.
    ///
    /// - Parameter requeue: `true` puts it back into the queue, to be delivered again at once; `false` drops it, or
    ///   dead-letters it where the queue is set up for that.
    public func reject(_ delivery: AMQPDelivery, requeue: Bool) {
        core.settle(delivery.tag, multiple: false, requeue ? .requeue : .discard)
    }

    /// Gives this delivery and all earlier unsettled ones of its connection back, as ``reject(_:requeue:)`` does with
    /// one.
    public func reject(through delivery: AMQPDelivery, requeue: Bool) {
        core.settle(delivery.tag, multiple: true, requeue ? .requeue : .discard)
    }

    /// Connects and consumes, and keeps doing so until the task is cancelled. May be called once.
    ///
    /// When the queue is deleted, or anything else ends the connection, it declares the topology and consumes again. On
    /// cancellation it hands out nothing more, waits a second at most until what was handed out is settled, closes the
    /// connection and returns. Failures to connect do not end it: see ``status``.
    ///
    /// - Throws: ``AMQPError/Code/closed`` when called a second time.
    public func run() async throws {
        guard !hasRun.exchange(true, ordering: .relaxed) else { throw AMQPError(.closed, "run() was called before") }
        await withTaskCancellationHandler {
            await keepConsuming()
        } onCancel: {
            core.stop()
        }
        core.close()
    }

    private func keepConsuming() async {
        var backoff = Backoff(core.configuration)
        while true {
            let start = ContinuousClock.now
            let link = ConsumerLink(core: core, queue: queue, prefetch: prefetch, topology: topology)
            do {
                let isMissing = try await link.connect()
                try await willDeclare?()
                if isMissing, let willCreateQueue {
                    logger.notice("the queue does not exist and is made anew", metadata: [LogKey.queue: "\(queue)"])
                    try await willCreateQueue()
                }
                let address = try await link.consume()
                logger.info("consuming", metadata: [LogKey.address: "\(address)", LogKey.queue: "\(queue)"])
                switch await link.end() {
                case .finished: return
                case .lost(let error): logger.info("stopped consuming", metadata: LogKey.metadata(error))
                }
            } catch {
                await link.abandon()
                // What else is thrown is the closure's.
                let error = error as? AMQPError ?? AMQPError(.cancelled, "the queue is not to be made now: \(error)")
                core.disconnected(error, keepsBuffer: true)
                logger.info("could not consume", metadata: LogKey.metadata(error))
            }
            guard !Task.isCancelled else { return }
            do { try await Task.sleep(for: backoff.next(after: ContinuousClock.now - start)) } catch { return }
        }
    }
}
