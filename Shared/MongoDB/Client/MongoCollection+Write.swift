// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension MongoCollection {
    /// Inserts a document.
    ///
    /// - Returns: its `_id`; one is made when the document has none. Give your own where a repeat after
    ///   ``MongoError/outcomeUnknown`` must be harmless.
    /// - Throws: ``MongoError/Code/duplicateKey`` with the index's fields, and others.
    @discardableResult
    public func insertOne(_ document: BSONDocument, timeout: Duration? = nil) async throws(MongoError) -> BSONValue {
        if let id = document["_id"] {
            _ = try await single(.insert(document), timeout: timeout)
            return id
        }
        let id = BSONValue.objectID(BSONObjectID())
        var writer = BSONWriter(capacity: document.bytes.count + 32)
        writer.append("_id", id)
        for element in document { writer.append(element) }
        _ = try await single(.insert(try writer.finish()), timeout: timeout)
        return id
    }

    /// Inserts documents in as few commands as possible; see ``bulkWrite(_:ordered:timeout:)``.
    @discardableResult
    public func insertMany(
        _ documents: [BSONDocument], ordered: Bool = true, timeout: Duration? = nil
    ) async throws(MongoError) -> BulkWriteResult {
        try await bulkWrite(documents.map(MongoWrite.insertOne), ordered: ordered, timeout: timeout)
    }

    /// Sends many writes in as few commands as possible.
    ///
    /// - Parameter ordered: whether to stop at the first operation that fails. Unordered is quicker.
    /// - Returns: counts, and the error of each operation that the server refused. Those are not thrown.
    /// - Throws: ``MongoError`` when the bulk as a whole failed. If ``MongoError/outcomeUnknown`` is set, any part of
    ///   it may have been applied.
    public func bulkWrite(
        _ operations: [MongoWrite], ordered: Bool = true, timeout: Duration? = nil
    ) async throws(MongoError) -> BulkWriteResult {
        guard !operations.isEmpty else { return BulkWriteResult() }
        for operation in operations { try operation.validate() }
        return try await client.core.run(timeout: timeout, isWrite: true) {
            [namespace] connection throws(MongoError) in
            try connection.bulkWrite(operations, ordered: ordered, to: namespace)
        }
    }

    /// Changes the first document that matches, by update operators.
    public func updateOne(
        _ filter: BSONDocument, _ update: BSONDocument, upsert: Bool = false, timeout: Duration? = nil
    ) async throws(MongoError) -> UpdateResult {
        try update.requireOperators()
        let reply = try await single(.updateOne(filter: filter, update: update), upsert: upsert, timeout: timeout)
        return UpdateResult(reply: reply)
    }

    /// Changes all documents that match, by update operators. Not atomic as a whole.
    public func updateMany(
        _ filter: BSONDocument, _ update: BSONDocument, upsert: Bool = false, timeout: Duration? = nil
    ) async throws(MongoError) -> UpdateResult {
        try update.requireOperators()
        let reply = try await single(.updateMany(filter: filter, update: update), upsert: upsert, timeout: timeout)
        return UpdateResult(reply: reply)
    }

    /// Replaces the first document that matches.
    public func replaceOne(
        _ filter: BSONDocument, _ replacement: BSONDocument, upsert: Bool = false, timeout: Duration? = nil
    ) async throws(MongoError) -> UpdateResult {
        try replacement.refuseOperators()
        let write = SingleWrite.replaceOne(filter: filter, replacement: replacement)
        return UpdateResult(reply: try await single(write, upsert: upsert, timeout: timeout))
    }

    /// Deletes the first document that matches. - Returns: how many were deleted.
    @discardableResult
    public func deleteOne(_ filter: BSONDocument, timeout: Duration? = nil) async throws(MongoError) -> Int {
        try await single(.deleteOne(filter: filter), timeout: timeout)["deletedCount"]?.intValue ?? 0
    }

    /// Deletes all documents that match. - Returns: how many were deleted.
    @discardableResult
    public func deleteMany(_ filter: BSONDocument, timeout: Duration? = nil) async throws(MongoError) -> Int {
        try await single(.deleteMany(filter: filter), timeout: timeout)["deletedCount"]?.intValue ?? 0
    }

    private func single(
        _ write: SingleWrite, upsert: Bool = false, timeout: Duration?
    ) async throws(MongoError) -> BSONDocument {
        try await client.core.run(timeout: timeout, isWrite: true) { [namespace] connection throws(MongoError) in
            let options =
                switch write {
                case .insert: try connection.options { $0.append("validate", false) }
                case .deleteOne, .deleteMany: try connection.options()
                // The driver puts options of an update that it does not know into the statement, where the server
                // refuses `maxTimeMS`. These are bounded by the socket's and the write concern's time limits.
                case .updateOne, .updateMany, .replaceOne:
                    try connection.options(maxTime: false) { options in
                        if upsert { options.append("upsert", true) }
                        // The documents were checked when they were made.
                        options.append("validate", false)
                    }
                }
            return try connection.write(write, options: options, to: namespace)
        }
    }
}
