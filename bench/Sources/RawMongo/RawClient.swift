// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CMongoC

/// A client of one thread: libmongoc's own calls, and nothing around them. It ends with the program.
@safe
final class RawClient {
    private let collection: OpaquePointer
    private let limitOne = RawDocument { $0.append("limit", 1).append("singleBatch", true) }
    private let unordered = RawDocument { $0.append("ordered", false) }
    private let upsert = RawDocument { $0.append("upsert", true) }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Once in a process, before anything else.
    static func initializeLibrary() { mongoc_init() }

    init(port: Int) throws(Failure) {
        let uri = "mongodb://127.0.0.1:\(port)/?replicaSet=rs0&w=majority&journal=true&serverSelectionTimeoutMS=5000"
        guard let client = unsafe mongoc_client_new(uri) else { throw Failure(description: "no client for \(uri)") }
        unsafe collection = mongoc_client_get_collection(client, "bench_limits", "users")
    }

    /// Removes all documents.
    func drop() {
        // Fails if there are none, which is as well.
        _ = unsafe mongoc_collection_drop(collection, nil)
    }

    /// Has the documents of users 0 to that number there.
    func fill(_ users: Int) throws(Failure) {
        drop()
        for first in stride(from: 0, to: users, by: 1000) {
            try write(first..<min(first + 1000, users), upsert: false)
        }
    }

    /// Reads a user's document.
    func find(_ number: Int) throws(Failure) {
        let filter = RawDocument { $0.append("_id", RawDocument.id(number)) }
        let cursor = filter.withPointer { filter in
            limitOne.withPointer { unsafe mongoc_collection_find_with_opts(collection, filter, $0, nil) }
        }
        defer { unsafe mongoc_cursor_destroy(cursor) }
        var found: OpaquePointer?
        guard unsafe mongoc_cursor_next(cursor, &found) else {
            var error = bson_error_t()
            _ = unsafe mongoc_cursor_error(cursor, &error)
            throw Failure(description: "find: error \(error.code)")
        }
    }

    /// Writes users' documents in one bulk.
    func write(_ numbers: Range<Int>, upsert isUpsert: Bool) throws(Failure) {
        let bulk = unordered.withPointer {
            unsafe mongoc_collection_create_bulk_operation_with_opts(collection, $0)
        }
        defer { unsafe mongoc_bulk_operation_destroy(bulk) }
        var error = bson_error_t()
        for number in numbers {
            let isAdded = RawDocument.user(number).withPointer { user in
                guard isUpsert else { return unsafe mongoc_bulk_operation_insert_with_opts(bulk, user, nil, &error) }
                return RawDocument { $0.append("_id", RawDocument.id(number)) }.withPointer { filter in
                    upsert.withPointer {
                        unsafe mongoc_bulk_operation_replace_one_with_opts(bulk, filter, user, $0, &error)
                    }
                }
            }
            guard isAdded else { throw Failure(description: "adding to a bulk: error \(error.code)") }
        }
        guard unsafe mongoc_bulk_operation_execute(bulk, nil, &error) != 0 else {
            throw Failure(description: "bulk: error \(error.code)")
        }
    }
}
