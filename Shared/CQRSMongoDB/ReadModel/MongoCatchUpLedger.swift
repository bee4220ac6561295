// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
public import CQRSUpkeep
internal import Essentials
public import MongoDB

/// Requests for catch-ups as documents of one collection, one for each queue.
public struct MongoCatchUpLedger: CatchUpLedger {
    private let collection: MongoCollection
    private let queue: String

    /// The ledger of one queue.
    ///
    /// - Parameters:
    ///   - collection: where the ledgers of all queues are.
    ///   - queue: the queue's name.
    public init(collection: MongoCollection, queue: String) {
        self.collection = collection
        self.queue = queue
    }

    /// Remembers a request in place of earlier ones.
    ///
    /// - Throws: `MongoError`.
    public func request() async throws {
        let now = Timestamp.now()
        _ = try await collection.replaceOne(
            ["_id": .string(queue)],
            [
                "_id": .string(queue), "request": .string(UUIDv7(at: now).description),
                "requestedAt": .date(BSONDate(millisecondsSince1970: now.millisecondsSinceEpoch)),
            ], upsert: true)
    }

    /// The last request.
    ///
    /// - Throws: `MongoError`.
    public func pending() async throws -> String? {
        try await collection.findOne(["_id": .string(queue)])?["request"]?.stringValue
    }

    /// Forgets a request.
    ///
    /// - Throws: `MongoError`.
    public func complete(_ request: String) async throws {
        try await collection.deleteOne(["_id": .string(queue), "request": .string(request)])
    }
}
