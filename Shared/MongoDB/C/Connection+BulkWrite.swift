// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CMongoC

extension Connection {
    /// Sends all operations in as few commands as the server allows.
    ///
    /// The library makes one command of each run of operations of a kind, and lets an operation's error take the place of
    /// what ended another command (`_mongoc_write_result_complete` in mongoc-write-command.c, 1.23.1). So an unordered
    /// bulk goes out as one bulk for each kind: then an error is that of its only command.
    func bulkWrite(
        _ operations: [MongoWrite], ordered: Bool, to namespace: Namespace
    ) throws(MongoError) -> BulkWriteResult {
        guard !ordered else { return try bulkWriteAtOnce(operations, ordered: true, to: namespace) }
        var total = BulkWriteResult()
        var isFirst = true
        for kind in MongoWrite.Kind.allCases {
            let indices = operations.indices.filter { operations[$0].kind == kind }
            guard !indices.isEmpty else { continue }
            if indices.count == operations.count {
                return try bulkWriteAtOnce(operations, ordered: false, to: namespace)
            }
            do throws(MongoError) {
                let part = try bulkWriteAtOnce(indices.map { operations[$0] }, ordered: false, to: namespace)
                total.add(part, indices: indices)
            } catch {
                var error = error
                // What went out before may have been applied.
                if !isFirst { error.outcomeUnknown = true }
                throw error
            }
            isFirst = false
        }
        return total
    }

    private func bulkWriteAtOnce(
        _ operations: [MongoWrite], ordered: Bool, to namespace: Namespace
    ) throws(MongoError) -> BulkWriteResult {
        let options = try options(maxTime: false) { $0.append("ordered", ordered) }
        let result = try withCollection(namespace) { collection in
            Result { () throws(MongoError) in
                try unsafe Self.execute(operations, options, collection)
            }
        }
        let call = try result.get()
        if call.succeeded { return BulkWriteResult(reply: call.reply) }
        let outcome = BulkWriteResult(reply: call.reply)
        let isServers = [MONGOC_ERROR_SERVER.rawValue, MONGOC_ERROR_WRITE_CONCERN.rawValue].contains(
            call.failure.domain)
        if isServers, !outcome.writeErrors.isEmpty || outcome.writeConcernError != nil {
            if ordered || outcome.accounts(for: operations) { return outcome }
            // More than one command after all, beyond 100,000 operations or 48 MB.
            throw MongoError(.unavailable, "an incomplete reply to a bulk write", outcomeUnknown: true)
        }
        var error = MongoError(call.failure, reply: call.reply, effect: .bulkWrite)
        let isUnsent = call.failure.domain == MONGOC_ERROR_SERVER_SELECTION.rawValue && outcome.isEmpty
        if isUnsent { error.outcomeUnknown = false } else if !outcome.isEmpty { error.outcomeUnknown = true }
        throw error
    }

    private static func execute(
        _ operations: [MongoWrite], _ options: BSONDocument, _ collection: OpaquePointer
    ) throws(MongoError) -> CallResult {
        let made = options.withBSON { unsafe mongoc_collection_create_bulk_operation_with_opts(collection, $0) }
        guard let bulk = unsafe made else { throw MongoError(.invalidArgument, "no bulk operation") }
        defer { unsafe mongoc_bulk_operation_destroy(bulk) }
        // The documents were checked when they were made; the library need not pass over them again.
        let plain: BSONDocument = ["validate": false]
        let upsert: BSONDocument = ["validate": false, "upsert": true]
        for operation in operations {
            var error = bson_error_t()
            guard unsafe add(operation, to: bulk, plain, upsert, &error) else {
                throw MongoError(CFailure(error), reply: nil, effect: .read)
            }
        }
        return try call { reply, error in unsafe mongoc_bulk_operation_execute(bulk, reply, error) != 0 }
    }

    private static func add(
        _ operation: MongoWrite, to bulk: OpaquePointer, _ plain: BSONDocument, _ upsert: BSONDocument,
        _ error: UnsafeMutablePointer<bson_error_t>
    ) -> Bool {
        switch operation {
        case .insertOne(let document):
            document.withBSON { document in
                plain.withBSON { options in
                    unsafe mongoc_bulk_operation_insert_with_opts(bulk, document, options, error)
                }
            }
        case .updateOne(let filter, let update, let isUpsert):
            with(filter, update, isUpsert ? upsert : plain) { filter, update, options in
                unsafe mongoc_bulk_operation_update_one_with_opts(bulk, filter, update, options, error)
            }
        case .updateOneByPipeline(let filter, let stages, let isUpsert):
            // The library knows a pipeline by its keys "0", "1" …
            with(filter, stages.document, isUpsert ? upsert : plain) { filter, update, options in
                unsafe mongoc_bulk_operation_update_one_with_opts(bulk, filter, update, options, error)
            }
        case .updateMany(let filter, let update, let isUpsert):
            with(filter, update, isUpsert ? upsert : plain) { filter, update, options in
                unsafe mongoc_bulk_operation_update_many_with_opts(bulk, filter, update, options, error)
            }
        case .replaceOne(let filter, let replacement, let isUpsert):
            with(filter, replacement, isUpsert ? upsert : plain) { filter, replacement, options in
                unsafe mongoc_bulk_operation_replace_one_with_opts(bulk, filter, replacement, options, error)
            }
        case .deleteOne(let filter):
            filter.withBSON { unsafe mongoc_bulk_operation_remove_one_with_opts(bulk, $0, nil, error) }
        case .deleteMany(let filter):
            filter.withBSON { unsafe mongoc_bulk_operation_remove_many_with_opts(bulk, $0, nil, error) }
        }
    }

    @safe
    private static func with(
        _ a: BSONDocument, _ b: BSONDocument, _ c: BSONDocument,
        _ body: (OpaquePointer, OpaquePointer, OpaquePointer) -> Bool
    ) -> Bool {
        a.withBSON { a in b.withBSON { b in c.withBSON { c in unsafe body(a, b, c) } } }
    }
}

extension BulkWriteResult {
    /// Whether something is said about every operation. Those that may match nothing, or many, cannot be counted and pass.
    fileprivate func accounts(for operations: [MongoWrite]) -> Bool {
        let canCount = operations.allSatisfy {
            switch $0 {
            case .insertOne, .updateOne(_, _, upsert: true), .updateOneByPipeline(_, _, upsert: true),
                .replaceOne(_, _, upsert: true):
                true
            case .updateOne, .updateOneByPipeline, .updateMany, .replaceOne, .deleteOne, .deleteMany: false
            }
        }
        return !canCount
            || insertedCount + matchedCount + upsertedIDs.count + writeErrors.count == operations.count
    }

    /// Adds the result of a part of the bulk, whose operations had these indices in the whole.
    fileprivate mutating func add(_ part: BulkWriteResult, indices: [Int]) {
        insertedCount += part.insertedCount
        matchedCount += part.matchedCount
        modifiedCount += part.modifiedCount
        deletedCount += part.deletedCount
        for (index, id) in part.upsertedIDs { upsertedIDs[indices[index]] = id }
        writeErrors += part.writeErrors.map { $0.moved(to: indices[$0.index]) }
        writeErrors.sort { $0.index < $1.index }
        writeConcernError = writeConcernError ?? part.writeConcernError
    }
}

extension MongoWrite {
    /// What the server has a command for.
    fileprivate enum Kind: CaseIterable {
        case insert
        case update
        case delete
    }

    fileprivate var kind: Kind {
        switch self {
        case .insertOne: .insert
        case .updateOne, .updateOneByPipeline, .updateMany, .replaceOne: .update
        case .deleteOne, .deleteMany: .delete
        }
    }
}
