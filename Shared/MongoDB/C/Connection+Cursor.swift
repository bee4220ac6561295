// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CMongoC

/// What opens a cursor.
enum CursorSource: Sendable {
    case find(Namespace, filter: BSONDocument, options: BSONDocument)
    case aggregate(Namespace, pipeline: BSONArray, options: BSONDocument)
    case indexes(Namespace)
    case collections(database: String)
}

extension Connection {
    /// Opens a cursor. The first communication happens when it is read.
    func open(_ source: CursorSource) throws(MongoError) -> CursorHandle {
        switch source {
        case .find(let namespace, let filter, let options):
            return try withCollection(namespace) { collection in
                filter.withBSON { filter in
                    options.withBSON { options in
                        Result { () throws(MongoError) in
                            try unsafe CursorHandle(mongoc_collection_find_with_opts(collection, filter, options, nil))
                        }
                    }
                }
            }.get()
        case .aggregate(let namespace, let pipeline, let options):
            let wrapped: BSONDocument = ["pipeline": .array(pipeline)]
            return try withCollection(namespace) { collection in
                wrapped.withBSON { pipeline in
                    options.withBSON { options in
                        Result { () throws(MongoError) in
                            try unsafe CursorHandle(
                                mongoc_collection_aggregate(collection, MONGOC_QUERY_NONE, pipeline, options, nil))
                        }
                    }
                }
            }.get()
        case .indexes(let namespace):
            return try withCollection(namespace) { collection in
                Result { () throws(MongoError) in
                    try unsafe CursorHandle(mongoc_collection_find_indexes_with_opts(collection, nil))
                }
            }.get()
        case .collections(let name):
            try Namespace(database: name, collection: "$cmd").validate()
            guard let database = unsafe mongoc_client_get_database(client, name) else {
                throw MongoError(.invalidArgument, "a bad database name")
            }
            defer { unsafe mongoc_database_destroy(database) }
            let options: BSONDocument = ["nameOnly": true]
            return try options.withBSON { options in
                Result { () throws(MongoError) in
                    try unsafe CursorHandle(mongoc_database_find_collections_with_opts(database, options))
                }
            }.get()
        }
    }

    /// Opens a cursor, reads it to the end and destroys it.
    func readAll(_ source: CursorSource) throws(MongoError) -> [BSONDocument] {
        let batch = try open(source).read(count: .max, bytes: .max)
        if let failure = batch.failure { throw failure }
        return batch.documents
    }
}
