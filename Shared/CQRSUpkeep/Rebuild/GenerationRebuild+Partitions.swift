// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials

extension GenerationRebuild {
    /// Spreads the read model's events over so many partitions, while it is fed. Goes on with a change that was interrupted.
    ///
    /// Around the change the events of a stream may come from two queues at once, and so out of order. That costs a look into the
    /// event store, and nothing else.
    ///
    /// - Parameter count: 0 to ``Partitions/limit``; with 0 all consumers share one queue.
    /// - Returns: what is written now.
    /// - Throws: ``RebuildRefusal``; the stores' errors; `CancellationError`.
    public func partition(into count: Int, _ report: @escaping Report) async throws -> GenerationState {
        try await withLease(report) { lease, _ in
            if lease.state.handover != nil { throw RebuildRefusal.isSwitching }
            if let build = lease.state.build { throw RebuildRefusal.hasBuild(build.generation) }
            if let standby = lease.state.standby { throw RebuildRefusal.hasStandby(standby) }
            let before = lease.state.partitions ?? .none
            if before.bound != count || before.isChanging {
                try await report(.partitioning(from: before.bound, into: count))
                try await change(before, into: count, lease)
            }
            try await removeLeftovers(lease, report)
        }
    }

    /// Consumers do what belongs to the state that they have read within ``GenerationFollower/followTime``, and nothing where they
    /// have not: after a longer pause nobody does what belongs to the state before.
    private func change(_ before: Partitions, into count: Int, _ lease: GenerationLease) async throws {
        // What is about to be made is written down first, or nobody would remove it after an interruption.
        let all = max(before.count, count)
        try await lease.change {
            $0.partitions = Partitions(bound: before.bound, fed: before.fed, count: all, isChanging: true)
        }
        try await Task.sleep(for: settings.readerDelay)
        var next = lease.state
        next.partitions = Partitions(bound: count, fed: all, count: all, isChanging: true)
        // Fed only when they are there: to a consumer that found no queue it would look as if events were lost.
        try await declare(next)
        try await lease.change { $0.partitions = Partitions(bound: count, fed: all, count: all) }
        try await Task.sleep(for: settings.readerDelay)
        try await declare(lease.state)
    }

    /// Empties the partitions that get nothing new, and removes them.
    private func removeLeftovers(_ lease: GenerationLease, _ report: @escaping Report) async throws {
        let quiet = QuietQueues(queues: queues, settings: settings)
        while let partitions = lease.state.partitions, partitions.hasLeftovers {
            try await report(.removingPartitions(partitions.count - partitions.bound))
            let queue = lease.state.queue(of: lease.state.serving)
            if partitions.fed > partitions.bound {
                try await declare(lease.state)
                try await quiet.waitUntilEmpty(queue, .leftovers)
                try await lease.change { $0.partitions = Partitions(bound: partitions.bound, count: partitions.count) }
            }
            try await quiet.waitUntilQuiet(queue, .leftovers)
            let isEmpty = try await quiet.backlog(of: queue, .leftovers) == 0
            if isEmpty { try await repeatingPassing { try await queues.delete(queue, .leftovers) } }
            let next = Partitions(bound: partitions.bound, fed: isEmpty ? partitions.bound : partitions.count)
            try await lease.change { $0.partitions = next }
        }
    }

    private func declare(_ state: GenerationState) async throws {
        try await repeatingPassing { try await queues.declare(state.queue(of: state.serving)) }
    }
}
