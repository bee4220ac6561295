// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import DequeModule
import Synchronization

/// The bounded queue between callers and workers. It decides under its lock; the shell acts afterwards.
///
/// One worker more than callers share is ``reserved``: it does only what is given to it by number. So whoever asks whether
/// the server is there is answered by the server, however many operations wait for it.
final class WorkQueue: Sendable {
    private struct State {
        /// For any worker.
        var shared: Deque<any Job> = []
        /// For one worker, because it holds the cursor; indexed by worker.
        var pinned: [Deque<any Job>]
        /// Whose turn it is at each worker.
        var isSharedTurn: [Bool]
        /// What each worker is doing.
        var running: [(any Job)?]
        /// Workers that wait, or are about to without looking at the queue again.
        var idle: [Int] = []
        var count = 0
        var isClosed = false
        /// When the housekeeper will look next; `nil` while it sleeps without end.
        var nextLook: ContinuousClock.Instant?

        /// By turns from the two queues, so that a worker with many cursors serves others all the same.
        mutating func pop(for worker: Int, isReserved: Bool) -> (any Job)? {
            if isReserved { return pinned[worker].popFirst() }
            isSharedTurn[worker].toggle()
            return isSharedTurn[worker]
                ? shared.popFirst() ?? pinned[worker].popFirst() : pinned[worker].popFirst() ?? shared.popFirst()
        }

        mutating func next(for worker: Int, isReserved: Bool) -> Next {
            if let job = pop(for: worker, isReserved: isReserved) {
                count -= 1
                running[worker] = job
                return .run(job)
            }
            if isClosed { return .stop }
            if !idle.contains(worker) { idle.append(worker) }
            return .wait
        }
    }

    /// What a worker does next.
    enum Next {
        case run(any Job)
        case wait
        case stop
    }

    /// Whom to wake after a change.
    struct Wakes {
        var worker: Int?
        var housekeeper = false
    }

    let limit: Int
    /// The worker that takes nothing from the shared queue: the last one.
    let reserved: Int
    private let state: Mutex<State>

    /// - Parameter workers: how many share the work; one more is reserved.
    init(workers: Int, limit: Int) {
        self.limit = limit
        reserved = workers
        let all = workers + 1
        state = Mutex(
            State(
                pinned: Array(repeating: [], count: all), isSharedTurn: Array(repeating: false, count: all),
                running: Array(repeating: nil, count: all)))
    }

    /// How many operations wait.
    var count: Int { state.withLock { $0.count } }

    /// Whether any worker is doing something.
    var isBusy: Bool { state.withLock { $0.running.contains { $0 != nil } } }

    /// What workers are doing.
    var underWay: [any Job] { state.withLock { $0.running.compactMap(\.self) } }

    /// Adds a job, for one worker if `worker` is given. `isForced` jobs ignore the limit: they end something. So do those of
    /// the reserved worker, for whom the others are no reason to wait.
    func add(_ job: any Job, worker: Int?, isForced: Bool = false) throws(MongoError) -> Wakes {
        let outcome: Result<Wakes, MongoError> = state.withLock { state in
            if state.isClosed { return .failure(MongoError(.closed)) }
            if state.count >= limit && !isForced && worker != reserved { return .failure(MongoError(.queueFull)) }
            state.count += 1
            var wakes = Wakes()
            if let worker {
                state.pinned[worker].append(job)
                if let index = state.idle.lastIndex(of: worker) {
                    state.idle.remove(at: index)
                    wakes.worker = worker
                }
            } else {
                state.shared.append(job)
                if let index = state.idle.lastIndex(where: { $0 != reserved }) {
                    wakes.worker = state.idle.remove(at: index)
                }
            }
            // The housekeeper is woken only for a deadline before its next look: seldom, as all have similar ones.
            let look = min(job.queueDeadline, job.deadline)
            if state.nextLook.map({ look < $0 }) ?? true {
                state.nextLook = look
                wakes.housekeeper = true
            }
            return .success(wakes)
        }
        return try outcome.get()
    }

    /// Takes the next job for a worker, whose previous one is done.
    ///
    /// The previous one may be what holds a client last, when its caller was answered before the end. Then the client ends
    /// with it, and closes this queue: so it is let go of behind the lock.
    func next(for worker: Int) -> Next {
        let (next, previous) = state.withLock { state in
            let previous = state.running[worker]
            state.running[worker] = nil
            return (state.next(for: worker, isReserved: worker == reserved), previous)
        }
        withExtendedLifetime(previous) {}
        return next
    }

    /// Takes a job out again, if no worker has it yet.
    func remove(_ job: any Job) -> Bool {
        state.withLock { state in
            if let index = state.shared.firstIndex(where: { $0 === job }) {
                state.shared.remove(at: index)
                state.count -= 1
                return true
            }
            for worker in state.pinned.indices {
                if let index = state.pinned[worker].firstIndex(where: { $0 === job }) {
                    state.pinned[worker].remove(at: index)
                    state.count -= 1
                    return true
                }
            }
            return false
        }
    }

    /// What is overdue: jobs that waited too long, which are out of the queue now, and running ones that the worker
    /// still has; and when to look next.
    func overdue(at now: ContinuousClock.Instant) -> (
        waited: [any Job], running: [any Job], next: ContinuousClock.Instant?
    ) {
        state.withLock { state in
            var waited: [any Job] = []
            var next: ContinuousClock.Instant?
            func note(_ instant: ContinuousClock.Instant) { next = min(next ?? instant, instant) }
            func sweep(_ jobs: inout Deque<any Job>) {
                jobs.removeAll { job in
                    let limit = min(job.queueDeadline, job.deadline)
                    guard limit <= now else {
                        note(limit)
                        return false
                    }
                    waited.append(job)
                    return true
                }
            }
            sweep(&state.shared)
            for worker in state.pinned.indices { sweep(&state.pinned[worker]) }
            state.count -= waited.count
            var running: [any Job] = []
            for job in state.running {
                guard let job else { continue }
                if job.deadline <= now { running.append(job) } else { note(job.deadline) }
            }
            state.nextLook = next
            return (waited, running, next)
        }
    }

    /// Refuses everything from now on and empties the queue. Workers end after what they are doing.
    func close() -> [any Job] {
        state.withLock { state in
            state.isClosed = true
            var jobs = Array(state.shared)
            state.shared = []
            for worker in state.pinned.indices {
                jobs += state.pinned[worker]
                state.pinned[worker] = []
            }
            state.count = 0
            state.idle = []
            return jobs
        }
    }
}
