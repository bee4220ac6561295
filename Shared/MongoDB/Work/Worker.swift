// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization
import ThreadExecutor

/// One thread and its client. Takes jobs from the queue until that is closed.
final class Worker: EventSource {
    private let index: Int
    private let core: ClientCore
    private let executor: ThreadExecutor
    /// Touched by the worker's thread alone; the lock, never contended, proves it to the compiler.
    private let connection = Mutex<Connection?>(nil)

    init(index: Int, core: ClientCore, executor: ThreadExecutor) {
        self.index = index
        self.core = core
        self.executor = executor
    }

    /// Blocks as long as there are jobs. The thread has nothing else to do.
    func turn() -> EventWait {
        while true {
            switch core.queue.next(for: index) {
            case .run(let job): run(job)
            case .wait: return EventWait()
            case .stop:
                stop()
                return EventWait()
            }
        }
    }

    private func run(_ job: any Job) {
        guard min(job.queueDeadline, job.deadline) > .now else {
            job.fail(MongoError(.timedOut, "waited too long for a worker"))
            return
        }
        connection.withLock { connection in
            do throws(MongoError) {
                let present: Connection
                if let connection { present = connection } else { present = try Connection(core: core, worker: index) }
                connection = present
                present.job = job
                job.run(on: present)
                // It may hold what ends with it.
                present.job = nil
            } catch {
                job.fail(error)
            }
        }
    }

    private func stop() {
        executor.setEventSource(nil)
        connection.withLock { connection in
            connection?.close()
            connection = nil
        }
        core.workerStopped()
    }
}
