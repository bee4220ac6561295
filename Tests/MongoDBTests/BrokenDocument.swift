// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CMongoC

struct CannotInsert: Error {}

/// Inserts `{_id: 1, s: "<0xFF>"}` with the C library alone, since ours refuses to make such a document.
func insertBroken(uri: String, _ database: String, _ collection: String) throws {
    guard let client = unsafe mongoc_client_new(uri) else { throw CannotInsert() }
    defer { unsafe mongoc_client_destroy(client) }
    let handle = unsafe mongoc_client_get_collection(client, database, collection)
    defer { unsafe mongoc_collection_destroy(handle) }
    let document = unsafe bson_new()
    let options = unsafe bson_new()
    defer {
        unsafe bson_destroy(document)
        unsafe bson_destroy(options)
    }
    unsafe bson_append_int64(document, "_id", 3, 1)
    let broken: [CChar] = [-1, 0]
    unsafe bson_append_utf8(document, "s", 1, broken, 1)
    unsafe bson_append_bool(options, "validate", 8, false)
    guard unsafe mongoc_collection_insert_one(handle, document, options, nil, nil) else { throw CannotInsert() }
}
