// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CMongoC

/// A write of one document, as the library's functions take it.
enum SingleWrite {
    case insert(BSONDocument)
    case updateOne(filter: BSONDocument, update: BSONDocument)
    case updateMany(filter: BSONDocument, update: BSONDocument)
    case replaceOne(filter: BSONDocument, replacement: BSONDocument)
    case deleteOne(filter: BSONDocument)
    case deleteMany(filter: BSONDocument)
}

extension Connection {
    /// Writes once. - Returns: the library's reply with its counts.
    func write(
        _ write: SingleWrite, options: BSONDocument, to namespace: Namespace
    ) throws(MongoError) -> BSONDocument {
        let result = try withCollection(namespace) { collection in
            Result { () throws(MongoError) in
                try call { reply, error in
                    options.withBSON { options in
                        unsafe Self.write(write, collection, options, reply, error)
                    }
                }
            }
        }
        let outcome = try result.get()
        if outcome.succeeded { return outcome.reply }
        var error = MongoError(outcome.failure, reply: outcome.reply, effect: .write)
        if error.code == .duplicateKey, let first = outcome.reply.writeErrors.first {
            error.keyPattern = first.keyPattern
            error.keyValue = first.keyValue
        }
        throw error
    }

    private static func write(
        _ write: SingleWrite, _ collection: OpaquePointer, _ options: OpaquePointer,
        _ reply: OpaquePointer, _ error: UnsafeMutablePointer<bson_error_t>
    ) -> Bool {
        switch write {
        case .insert(let document):
            document.withBSON { document in
                unsafe mongoc_collection_insert_one(collection, document, options, reply, error)
            }
        case .updateOne(let filter, let update):
            filter.withBSON { filter in
                update.withBSON { update in
                    unsafe mongoc_collection_update_one(collection, filter, update, options, reply, error)
                }
            }
        case .updateMany(let filter, let update):
            filter.withBSON { filter in
                update.withBSON { update in
                    unsafe mongoc_collection_update_many(collection, filter, update, options, reply, error)
                }
            }
        case .replaceOne(let filter, let replacement):
            filter.withBSON { filter in
                replacement.withBSON { replacement in
                    unsafe mongoc_collection_replace_one(collection, filter, replacement, options, reply, error)
                }
            }
        case .deleteOne(let filter):
            filter.withBSON { filter in
                unsafe mongoc_collection_delete_one(collection, filter, options, reply, error)
            }
        case .deleteMany(let filter):
            filter.withBSON { filter in
                unsafe mongoc_collection_delete_many(collection, filter, options, reply, error)
            }
        }
    }
}
