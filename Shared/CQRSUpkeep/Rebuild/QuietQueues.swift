// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials

/// Waits for what consumers do to queues.
struct QuietQueues: Sendable {
    let queues: any GenerationQueues
    let settings: RebuildSettings

    /// Waits until nobody consumes a queue that is paused or done with. What its consumers had in hand is then written.
    ///
    /// - Throws: ``RebuildRefusal/stillConsumed(_:)``.
    func waitUntilQuiet(_ queue: GenerationQueue, _ part: GenerationQueuePart = .whole) async throws {
        let deadline = ContinuousClock.now + settings.consumerDelay
        // A consumer that does not know yet may still be about to begin: it must not be taken for none.
        try await Task.sleep(for: settings.readerDelay)
        while try await consumers(of: queue, part) > 0 {
            guard ContinuousClock.now < deadline else { throw RebuildRefusal.stillConsumed(queue.generation) }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Waits until nothing is left in a queue.
    ///
    /// - Throws: ``RebuildRefusal/notDrained(_:)``.
    func waitUntilEmpty(_ queue: GenerationQueue, _ part: GenerationQueuePart = .whole) async throws {
        var least = Int.max
        var since = ContinuousClock.now
        while case let backlog = try await backlog(of: queue, part), backlog > 0 {
            if backlog < least { (least, since) = (backlog, .now) }
            guard since + settings.drainDelay > .now else { throw RebuildRefusal.notDrained(backlog) }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    func backlog(of queue: GenerationQueue, _ part: GenerationQueuePart = .whole) async throws -> Int {
        try await repeatingPassing { try await queues.backlog(of: queue, part) }
    }

    private func consumers(of queue: GenerationQueue, _ part: GenerationQueuePart) async throws -> Int {
        try await repeatingPassing { try await queues.consumers(of: queue, part) }
    }
}
