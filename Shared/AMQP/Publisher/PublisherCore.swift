// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization
import ThreadExecutor

/// What a publisher's callers, its connection and the watchdog share.
final class PublisherCore: Watched {
    typealias Queue = PublishQueue<PublishCall.Slot>

    let configuration: AMQPConfiguration
    let guardian: SocketGuard
    let executor: ThreadExecutor
    private let queue: Mutex<Queue>
    private let isClosed = Atomic<Bool>(false)

    init(configuration: AMQPConfiguration) {
        self.configuration = configuration
        guardian = SocketGuard(configuration)
        executor = ThreadExecutor(name: "amqp-publisher")
        queue = Mutex(
            Queue(
                windowMessages: configuration.windowMessages, windowBytes: configuration.windowBytes,
                confirmTimeout: configuration.publishTimeout))
    }

    // MARK: Callers

    /// Adds the messages of a call that somebody waits for, all at once.
    func enqueue(_ call: PublishCall) {
        let messages = call.messages
        let deadline = ContinuousClock.now + configuration.publishTimeout
        let (mustWake, refusal) = queue.withLock { queue -> (Bool, AMQPError?) in
            // Under the lock, because the cancellation handler looks for the numbers under it: it either finds them or
            // has run before, and then the task is already cancelled here.
            guard !Task.isCancelled else { return (false, Self.cancelled) }
            switch queue.enqueue(messages, deadline: deadline) {
            case .accepted(let firstID, let mustWake):
                call.enqueued(firstID: firstID)
                return (mustWake, nil)
            case .refused(let error):
                return (false, error)
            }
        }
        if let refusal { call.refused(refusal) }
        if mustWake { executor.wake() }
    }

    func cancel(_ call: PublishCall) {
        let (waiters, isFinished) = queue.withLock { queue in
            (queue.cancel(call.ids), queue.isStopping && queue.isDrained)
        }
        for waiter in waiters { waiter.settle(Self.cancelled) }
        if isFinished { executor.wake() }
    }

    var status: AMQPStatus {
        isClosed.load(ordering: .relaxed) ? .closed : queue.withLock { $0.status }
    }

    func check(now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        let (resolutions, next, isOverdue) = queue.withLock { queue in
            let isOverdue = queue.isConfirmOverdue(now: now)
            let (resolutions, next) = queue.expire(now: now)
            return (resolutions, next, isOverdue)
        }
        if isOverdue { guardian.cut() }
        settle(resolutions)
        // Whoever comes later has a later deadline than this, so nobody needs to wake the watchdog.
        let latest = next ?? now + configuration.publishTimeout
        // The last waiter of a stopping publisher may just have gone.
        if !resolutions.isEmpty { executor.wake() }
        // A connection that was just cut is about to end.
        return min(isOverdue ? now + .seconds(1) : latest, guardian.check(now: now))
    }

    // MARK: Connection

    func connected(frameMaximum: Int) { queue.withLock { $0.connected(frameMaximum: frameMaximum) } }

    func disconnected(_ error: AMQPError) { queue.withLock { $0.disconnected(error) } }

    func channelClosed(_ error: AMQPError) { settle(queue.withLock { $0.channelClosed(error) }) }

    /// Whether there is something to publish now; if not, the next message wakes the connection.
    func prepareBatch() -> Bool { queue.withLock { $0.prepareBatch() } }

    /// Whether the connection may end: the publisher is stopping and nobody waits.
    var isFinished: Bool { queue.withLock { $0.isStopping && $0.isDrained } }

    func nextBatch() -> [Publication] {
        // Small enough that acknowledgements, and above all `connection.blocked`, are read in between.
        let batch = queue.withLock { $0.nextBatch(maximumBytes: 64 << 10, maximumMessages: 256, now: .now) }
        settle(batch.refused)
        return batch.publications
    }

    func apply(_ events: [Queue.Event]) throws(AMQPError) {
        let now = ContinuousClock.now
        let (resolutions, error) = queue.withLock { queue -> ([Queue.Resolution], AMQPError?) in
            var resolutions: [Queue.Resolution] = []
            do throws(AMQPError) {
                for event in events { try queue.apply(event, now: now, &resolutions) }
            } catch {
                return (resolutions, error)
            }
            return (resolutions, nil)
        }
        settle(resolutions)
        if let error { throw error }
    }

    // MARK: End

    func stop() {
        queue.withLock { $0.stop() }
        executor.wake()
    }

    func close() {
        isClosed.store(true, ordering: .relaxed)
        settle(queue.withLock { $0.close() })
    }

    private func settle(_ resolutions: [Queue.Resolution]) {
        for resolution in resolutions { resolution.waiter.settle(resolution.error) }
    }

    private static let cancelled = AMQPError(.cancelled, "the task was cancelled")
}
