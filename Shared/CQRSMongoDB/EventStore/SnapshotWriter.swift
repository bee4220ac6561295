// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import DequeModule
internal import Essentials
internal import Logging
internal import MongoDB
internal import Synchronization

/// Writes snapshots one after the other, beside the commands that they come from.
final class SnapshotWriter: Sendable {
    /// How many may wait. Those beyond are not kept: the next one of their stream will be.
    private static let limit = 64

    private let collection: MongoCollection
    private let logger: Logger
    private let waiting = Mutex<Deque<StateSnapshot>>([])
    private let changed = Wakeup()

    init(collection: MongoCollection, logger: Logger) {
        self.collection = collection
        self.logger = logger
    }

    func add(_ snapshot: StateSnapshot) {
        waiting.withLock { if $0.count < Self.limit { $0.append(snapshot) } }
        changed.notify()
    }

    /// Writes until cancelled.
    func run() async {
        while !Task.isCancelled {
            await changed.wait { waiting.withLock { !$0.isEmpty } }
            guard let snapshot = waiting.withLock({ $0.popFirst() }) else { continue }
            do {
                try await collection.insertOne(SnapshotDocument.encode(snapshot))
                let end = snapshot.version - StateSnapshot.reach
                guard end > 0 else { continue }
                _ = try await collection.deleteMany([
                    EventDocument.id: [
                        "$gt": .string(EventDocument.id(snapshot.stream, 0)),
                        "$lte": .string(EventDocument.id(snapshot.stream, end)),
                    ]
                ])
            } catch {
                // Another process may have put the same away.
                logger.debug("a snapshot is not kept", metadata: ["error": "\(error)"])
            }
        }
    }
}
