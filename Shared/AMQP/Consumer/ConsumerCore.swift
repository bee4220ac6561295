// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization
import ThreadExecutor

/// What a consumer's callers, its connection and the watchdog share.
final class ConsumerCore: Watched {
    typealias Queue = ConsumeQueue<CheckedContinuation<[AMQPDelivery]?, Never>>

    let configuration: AMQPConfiguration
    let guardian: SocketGuard
    let executor: ThreadExecutor
    private let queue = Mutex(Queue())
    private let lastID = Atomic<UInt64>(0)
    /// When a stopping consumer gives up waiting for answers.
    private let stopDeadline = Mutex<ContinuousClock.Instant?>(nil)

    init(configuration: AMQPConfiguration) {
        self.configuration = configuration
        guardian = SocketGuard(configuration)
        executor = ThreadExecutor(name: "amqp-consumer")
    }

    // MARK: Callers

    /// `nil` when the task was cancelled.
    func next(maximum: Int) async -> [AMQPDelivery]? {
        let id = lastID.wrappingAdd(1, ordering: .relaxed).newValue
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let next: Queue.Next? = queue.withLock { queue in
                    // Under the lock, for the reason given in `PublisherCore.enqueue`.
                    Task.isCancelled ? nil : queue.next(id: id, waiter: continuation, maximum: maximum)
                }
                switch next {
                case .deliveries(let deliveries): continuation.resume(returning: deliveries)
                case .waiting: break
                case nil: continuation.resume(returning: nil)
                }
            }
        } onCancel: {
            queue.withLock { $0.cancel(id: id) }?.resume(returning: nil)
        }
    }

    func settle(_ tag: AMQPDelivery.Tag, multiple: Bool, _ outcome: Settlement.Outcome) {
        if queue.withLock({ $0.settle(tag, multiple: multiple, outcome) }) { executor.wake() }
    }

    func settle(_ deliveries: some Sequence<AMQPDelivery>, _ outcome: Settlement.Outcome) {
        let mustWake = queue.withLock { queue in
            var mustWake = false
            for delivery in deliveries where queue.settle(delivery.tag, multiple: false, outcome) { mustWake = true }
            return mustWake
        }
        if mustWake { executor.wake() }
    }

    var unsettledCount: Int { queue.withLock { $0.unsettledCount } }

    var status: AMQPStatus { queue.withLock { $0.status } }

    func check(now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        let next = guardian.check(now: now)
        guard let deadline = stopDeadline.withLock({ $0 }) else { return next }
        if now >= deadline { executor.wake() }
        return now >= deadline ? next : min(next, deadline)
    }

    // MARK: Place at the queue

    var deliveredSince: ContinuousClock.Instant? { queue.withLock { $0.deliveredSince } }

    func giveWay() {
        if queue.withLock({ $0.giveWay() }) { executor.wake() }
    }

    /// Whether to go to the end of the line now.
    func takeGivingWay() -> Bool { queue.withLock { $0.takeGivingWay() } }

    // MARK: Connection

    func connected() -> UInt64 { queue.withLock { $0.connected() } }

    func disconnected(_ error: AMQPError, keepsBuffer: Bool) {
        queue.withLock { $0.disconnected(error, keepsBuffer: keepsBuffer) }
    }

    func delivered(_ deliveries: [AMQPDelivery], hasPlace: Bool) throws(AMQPError) {
        let result = queue.withLock { queue in
            Result { () throws(AMQPError) in try queue.delivered(deliveries, hasPlace: hasPlace) }
        }
        resume(try result.get())
    }

    func takeSettlements() -> [Settlement] { queue.withLock { $0.takeSettlements() } }

    /// Whether the connection may end: the consumer is stopping, and everything handed out has its answer or is out of
    /// time.
    var isFinished: Bool {
        guard queue.withLock({ $0.isStopping }) else { return false }
        if queue.withLock({ $0.isDrained }) { return true }
        return stopDeadline.withLock { $0.map { ContinuousClock.now >= $0 } ?? false }
    }

    // MARK: End

    func stopDelivering() { resume(queue.withLock { $0.stopDelivering() }) }

    func stop() {
        stopDeadline.withLock { $0 = $0 ?? ContinuousClock.now + min(configuration.rpcTimeout, .seconds(1)) }
        resume(queue.withLock { $0.stop() })
        Watchdog.shared.wake()
        executor.wake()
    }

    func close() {
        stop()
        queue.withLock { $0.close() }
    }

    private func resume(_ resolutions: [Queue.Resolution]) {
        for resolution in resolutions { resolution.waiter.resume(returning: resolution.deliveries) }
    }
}
