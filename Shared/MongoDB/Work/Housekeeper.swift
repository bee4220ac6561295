// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ThreadExecutor

/// Keeps deadlines while workers are stuck in calls, and takes the pool down at the end.
final class Housekeeper: EventSource {
    private let core: ClientCore

    init(core: ClientCore) { self.core = core }

    func turn() -> EventWait {
        core.closeFurther()
        let now = ContinuousClock.now
        let (waited, running, next) = core.queue.overdue(at: now)
        for job in waited { job.fail(MongoError(.timedOut, "waited too long for a worker")) }
        for job in running {
            job.fail(MongoError(.timedOut, "no answer before the deadline", outcomeUnknown: job.isWrite))
        }
        return EventWait(timeout: next.map { max(.zero, $0 - now) })
    }
}
