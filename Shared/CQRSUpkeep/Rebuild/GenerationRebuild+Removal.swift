// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials

extension GenerationRebuild {
    /// Removes the generation that is to be removed, if there is one.
    func remove(_ lease: GenerationLease, _ report: @escaping Report) async throws {
        guard let old = lease.state.retiring else { return }
        try await report(.removing(old))
        let quiet = QuietQueues(queues: queues, settings: settings)
        try await quiet.waitUntilQuiet(lease.state.queue(of: old))
        if lease.state.permanentQueue == old {
            // Up to here the permanent queue has kept what comes: from now on it feeds the serving generation.
            try await lease.change { state in
                state.permanentQueue = state.serving
                state.draining = .feeding
            }
        } else {
            try await delete(lease.state.ownQueue(of: old))
        }
        try await drain(lease, quiet)
        try await repeatingPassing { try await model(old).drop() }
        try await lease.change { $0.retiring = nil }
    }

    /// Empties the queue that the serving generation does not need any more, and removes it.
    private func drain(_ lease: GenerationLease, _ quiet: QuietQueues) async throws {
        let own = lease.state.ownQueue(of: lease.state.serving)
        while lease.state.draining != nil {
            // A consumer that connects while it still feeds from the queue has events sent to it again.
            try await repeatingPassing { try await queues.detach(own) }
            if lease.state.draining == .feeding {
                try await quiet.waitUntilEmpty(own)
                try await lease.change { $0.draining = .stopped }
            }
            try await quiet.waitUntilQuiet(own)
            let isEmpty = try await quiet.backlog(of: own) == 0
            if isEmpty { try await delete(own) }
            try await lease.change { $0.draining = isEmpty ? nil : .feeding }
        }
    }

    private func delete(_ queue: GenerationQueue) async throws {
        guard queue.hasOwnQueue else { return }
        try await repeatingPassing { try await queues.delete(queue, .whole) }
    }
}
