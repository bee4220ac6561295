// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CMongoC

/// Owns a `mongoc_cursor_t`, which belongs to the client that opened it. Not `Sendable`: it stays on its thread.
@safe
final class CursorHandle {
    private let cursor: OpaquePointer

    init(_ cursor: OpaquePointer?) throws(MongoError) {
        guard let cursor = unsafe cursor else { throw MongoError(.invalidArgument, "no cursor") }
        unsafe self.cursor = cursor
    }

    deinit { unsafe mongoc_cursor_destroy(cursor) }

    /// Reads until `count` documents are there, or enough bytes, and then as far as it costs no communication.
    func read(count: Int, bytes limit: Int = 8 << 20) -> CursorBatch {
        var batch = CursorBatch()
        var bytes = 0
        while batch.documents.count < count && bytes < limit || isServerDone {
            var document: OpaquePointer?
            guard unsafe mongoc_cursor_next(cursor, &document), let document = unsafe document else {
                batch.isExhausted = true
                batch.failure = failure
                return batch
            }
            do throws(MongoError) {
                let copy = try unsafe BSONDocument(copying: document)
                bytes += copy.bytes.count
                batch.documents.append(copy)
            } catch {
                // One bad document must not hide those behind it: the cursor stays.
                batch.failure = error
                return batch
            }
        }
        return batch
    }

    /// Whether all that is left is here already. 0 before the first communication too.
    private var isServerDone: Bool { unsafe mongoc_cursor_get_id(cursor) == 0 }

    private var failure: MongoError? {
        var error = bson_error_t()
        var reply: OpaquePointer?
        guard unsafe mongoc_cursor_error_document(cursor, &error, &reply) else { return nil }
        let document = unsafe reply.flatMap { try? unsafe BSONDocument(copying: $0) }
        return MongoError(CFailure(error), reply: document, effect: .read)
    }
}

/// What one visit to a cursor gave.
struct CursorBatch: Sendable {
    var documents: [BSONDocument] = []
    /// What stopped the reading, to be told after the documents.
    var failure: MongoError?
    /// Whether nothing comes any more.
    var isExhausted = false
}
