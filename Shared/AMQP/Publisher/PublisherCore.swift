// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization
import ThreadExecutor

/// What a publisher's callers, its connection and the watchdog share.
final class PublisherCore: Watched {
    typealias Queue = PublishQueue<CheckedContinuation<AMQPError?, Never>>

    let configuration: AMQPConfiguration
    let guardian: SocketGuard
    let executor: ThreadExecutor
    private let queue: Mutex<Queue>
    private let isClosed = Atomic<Bool>(false)

    init(configuration: AMQPConfiguration) {
        self.configuration = configuration
        guardian = SocketGuard(configuration)
        executor = ThreadExecutor(name: "amqp-publisher")
        queue = Mutex(Queue(windowMessages: configuration.windowMessages, windowBytes: configuration.windowBytes))
    }

    // MARK: Callers

    func enqueue(_ publication: Publication, _ continuation: CheckedContinuation<AMQPError?, Never>) {
        let deadline = ContinuousClock.now + configuration.publishTimeout
        let mustWake = queue.withLock { queue in
            // Under the lock, because the cancellation handler looks for the number under it: it either finds the
            // number or has run before, and then the task is already cancelled here.
            guard !Task.isCancelled else {
                continuation.resume(returning: Self.cancelled)
                return false
            }
            switch queue.enqueue(publication, waiter: continuation, deadline: deadline) {
            case .accepted(let id, let mustWake):
                publication.id.store(id, ordering: .relaxed)
                return mustWake
            case .refused(let error):
                continuation.resume(returning: error)
                return false
            }
        }
        if mustWake { executor.wake() }
    }

    func cancel(_ publication: Publication) {
        let (waiter, isFinished) = queue.withLock { queue in
            (queue.cancel(id: publication.id.load(ordering: .relaxed)), queue.isStopping && queue.isDrained)
        }
        waiter?.resume(returning: Self.cancelled)
        if isFinished { executor.wake() }
    }

    var status: AMQPStatus {
        isClosed.load(ordering: .relaxed) ? .closed : queue.withLock { $0.status }
    }

    func check(now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        let (resolutions, next) = queue.withLock { $0.expire(now: now) }
        resume(resolutions)
        // Whoever comes later has a later deadline than this, so nobody needs to wake the watchdog.
        let latest = next ?? now + configuration.publishTimeout
        // The last waiter of a stopping publisher may just have gone.
        if !resolutions.isEmpty { executor.wake() }
        return min(latest, guardian.check(now: now))
    }

    // MARK: Connection

    func connected(frameMaximum: Int) { queue.withLock { $0.connected(frameMaximum: frameMaximum) } }

    func disconnected(_ error: AMQPError) { queue.withLock { $0.disconnected(error) } }

    func channelClosed(_ error: AMQPError) { resume(queue.withLock { $0.channelClosed(error) }) }

    /// Whether there is something to publish now; if not, the next message wakes the connection.
    func prepareBatch() -> Bool { queue.withLock { $0.prepareBatch() } }

    /// Whether the connection may end: the publisher is stopping and nobody waits.
    var isFinished: Bool { queue.withLock { $0.isStopping && $0.isDrained } }

    func nextBatch() -> [Publication] {
        // Small enough that acknowledgements, and above all `connection.blocked`, are read in between.
        let batch = queue.withLock { $0.nextBatch(maximumBytes: 64 << 10, maximumMessages: 256) }
        resume(batch.refused)
        return batch.publications
    }

    func apply(_ events: [Queue.Event]) throws(AMQPError) {
        let (resolutions, error) = queue.withLock { queue -> ([Queue.Resolution], AMQPError?) in
            var resolutions: [Queue.Resolution] = []
            do throws(AMQPError) {
                for event in events { try queue.apply(event, &resolutions) }
            } catch {
                return (resolutions, error)
            }
            return (resolutions, nil)
        }
        resume(resolutions)
        if let error { throw error }
    }

    // MARK: End

    func stop() {
        queue.withLock { $0.stop() }
        executor.wake()
    }

    func close() {
        isClosed.store(true, ordering: .relaxed)
        resume(queue.withLock { $0.close() })
    }

    /// Outside the lock: a resumed task may run at once and publish again.
    private func resume(_ resolutions: [Queue.Resolution]) {
        for resolution in resolutions { resolution.waiter.resume(returning: resolution.error) }
    }

    private static let cancelled = AMQPError(.cancelled, "the task was cancelled")
}
