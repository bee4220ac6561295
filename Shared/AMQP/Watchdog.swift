// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization
import ThreadExecutor

/// Something with deadlines.
protocol Watched: AnyObject, Sendable {
    /// Acts on what is overdue, without blocking, and returns when to look again.
    func check(now: ContinuousClock.Instant) -> ContinuousClock.Instant
}

/// A thread that looks after the deadlines of all connections of the process.
///
/// It depends on neither the connections' threads, which may be stuck in a write, nor on tasks, which may be cancelled
/// while the work they leave behind still needs its deadlines kept.
final class Watchdog: EventSource {
    static let shared = Watchdog()

    private let executor = ThreadExecutor(name: "amqp-watchdog", stackSizeBytes: 256 << 10)
    private let watched = Mutex<[ObjectIdentifier: any Watched]>([:])

    private init() { executor.setEventSource(self) }

    func add(_ object: some Watched) {
        watched.withLock { $0[ObjectIdentifier(object)] = object }
        executor.wake()
    }

    func remove(_ object: some Watched) {
        watched.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(object)) }
    }

    /// Makes it look again, for a deadline that is nearer than what ``Watched/check(now:)`` last returned.
    func wake() { executor.wake() }

    func turn() -> EventWait {
        let now = ContinuousClock.now
        let next = watched.withLock { Array($0.values) }.map { $0.check(now: now) }.min()
        return EventWait(timeout: next.map { max($0 - now, .milliseconds(1)) })
    }
}
