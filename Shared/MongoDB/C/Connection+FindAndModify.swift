// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CMongoC

/// What to do with the document that was found.
struct FindAndModify: Sendable {
    var filter: BSONDocument
    /// `nil` removes the document.
    var update: BSONDocument?
    var sort: BSONDocument?
    var projection: BSONDocument?
    var upsert = false
    var returnsNew = false
}

extension Connection {
    func findAndModify(_ command: FindAndModify, on namespace: Namespace) throws(MongoError) -> BSONDocument? {
        guard let options = unsafe mongoc_find_and_modify_opts_new() else { throw MongoError(.invalidArgument) }
        defer { unsafe mongoc_find_and_modify_opts_destroy(options) }
        var flags: UInt32 = 0
        if command.update == nil { flags |= MONGOC_FIND_AND_MODIFY_REMOVE.rawValue }
        if command.upsert { flags |= MONGOC_FIND_AND_MODIFY_UPSERT.rawValue }
        if command.returnsNew { flags |= MONGOC_FIND_AND_MODIFY_RETURN_NEW.rawValue }
        // The library copies what is set.
        unsafe mongoc_find_and_modify_opts_set_flags(options, mongoc_find_and_modify_flags_t(rawValue: flags))
        unsafe mongoc_find_and_modify_opts_set_max_time_ms(options, UInt32(clamping: remainingMilliseconds))
        command.update?.withBSON { _ = unsafe mongoc_find_and_modify_opts_set_update(options, $0) }
        command.sort?.withBSON { _ = unsafe mongoc_find_and_modify_opts_set_sort(options, $0) }
        command.projection?.withBSON { _ = unsafe mongoc_find_and_modify_opts_set_fields(options, $0) }
        let result = try withCollection(namespace) { collection in
            Result { () throws(MongoError) in
                try call { reply, error in
                    command.filter.withBSON { filter in
                        unsafe mongoc_collection_find_and_modify_with_opts(collection, filter, options, reply, error)
                    }
                }
            }
        }
        let outcome = try result.get()
        guard outcome.succeeded else {
            var error = MongoError(outcome.failure, reply: outcome.reply, effect: .write)
            error.keyPattern = outcome.reply["keyPattern"]?.documentValue
            error.keyValue = outcome.reply["keyValue"]?.documentValue
            throw error
        }
        return outcome.reply["value"]?.documentValue
    }
}
