// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a transaction does, on the thread that does it: each call waits for the server.
public struct MongoTransaction: ~Copyable {
    let connection: Connection

    /// The documents that match, as they are for this transaction.
    ///
    /// - Throws: ``MongoError``; it has to be thrown on, since the server may have ended the transaction.
    public borrowing func find(
        in collection: MongoCollection, _ filter: BSONDocument, projection: BSONDocument? = nil
    ) throws(MongoError) -> [BSONDocument] {
        let options = try connection.options { if let projection { $0.append("projection", projection) } }
        return try connection.readAll(.find(collection.namespace, filter: filter, options: options))
    }

    /// Sends many writes; see ``MongoCollection/bulkWrite(_:ordered:timeout:)``.
    ///
    /// - Throws: ``MongoError``, also where the server refuses a single write: it ends the transaction then.
    public borrowing func bulkWrite(
        _ operations: [MongoWrite], to collection: MongoCollection
    ) throws(MongoError) {
        guard !operations.isEmpty else { return }
        for operation in operations { try operation.validate() }
        let result = try connection.bulkWrite(operations, ordered: true, to: collection.namespace)
        if let error = result.writeConcernError { throw error }
        if let error = result.writeErrors.first { throw MongoError(error) }
    }
}

/// Reads that all see the database as it was at the first of them, on the thread that reads: each call waits for the server.
public struct MongoSnapshot: ~Copyable {
    let connection: Connection

    /// Goes through the documents that match, as long as the body says so.
    ///
    /// - Returns: whether there is no further one.
    /// - Throws: ``MongoError``, also of the body: ``MongoError/Code/historyLost`` when the server does not keep what is so old any more
    ///   (`minSnapshotHistoryWindowInSeconds`, five minutes unless set otherwise).
    @discardableResult
    public borrowing func forEach(
        in collection: MongoCollection, _ filter: BSONDocument = [:], sort: BSONDocument? = nil,
        projection: BSONDocument? = nil, _ body: (BSONDocument) throws(MongoError) -> Bool
    ) throws(MongoError) -> Bool {
        let options = try connection.options { options in
            if let sort { options.append("sort", sort) }
            if let projection { options.append("projection", projection) }
            options.append("batchSize", Int32(1000))
        }
        let cursor = try connection.open(.find(collection.namespace, filter: filter, options: options))
        while true {
            let batch = cursor.read(count: 1000)
            for document in batch.documents where try !body(document) { return false }
            if let failure = batch.failure { throw failure }
            if batch.isExhausted { return true }
            guard connection.deadline > .now else { throw MongoError(.timedOut, "a snapshot takes too long") }
            guard connection.job?.isAnswered == false else { throw MongoError(.cancelled) }
        }
    }
}
