// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CMongoC

/// Owns a `mongoc_change_stream_t` and the client that it uses. Not `Sendable`: it stays on its thread.
@safe
final class ChangeStreamHandle {
    private let stream: OpaquePointer

    /// What one visit gave.
    enum Step {
        case event(MongoChangeEvent)
        /// A document that is no valid event; the stream goes on behind it.
        case unreadable(MongoError)
        /// The server had nothing within the waiting time: everything until now was read.
        case nothing
        case failed(MongoError)
    }

    /// Opens the stream on the server.
    init(
        client: OpaquePointer, namespace: Namespace, pipeline: BSONArray, options: BSONDocument
    ) throws(MongoError) {
        try namespace.validate()
        guard let collection = unsafe mongoc_client_get_collection(client, namespace.database, namespace.collection)
        else { throw MongoError(.invalidArgument, "a bad collection name") }
        defer { unsafe mongoc_collection_destroy(collection) }
        let wrapped: BSONDocument = ["pipeline": .array(pipeline)]
        let made = wrapped.withBSON { pipeline in
            options.withBSON { options in unsafe mongoc_collection_watch(collection, pipeline, options) }
        }
        guard let stream = unsafe made else { throw MongoError(.invalidArgument, "no change stream") }
        unsafe self.stream = stream
        if let failure { throw failure }
    }

    deinit { unsafe mongoc_change_stream_destroy(stream) }

    /// Waits for the next event, no longer than the stream's waiting time, network trouble aside.
    func next() -> Step {
        var document: OpaquePointer?
        guard unsafe mongoc_change_stream_next(stream, &document), let document = unsafe document else {
            return failure.map(Step.failed) ?? .nothing
        }
        do throws(MongoError) {
            return .event(try MongoChangeEvent(try unsafe BSONDocument(copying: document)))
        } catch {
            return .unreadable(error)
        }
    }

    /// Where to resume: behind the last event given, or at a later point without events for us.
    var resumeToken: BSONView? {
        guard let token = unsafe mongoc_change_stream_get_resume_token(stream) else { return nil }
        return try? unsafe BSONDocument(copying: token).view
    }

    /// Where to resume behind an event that was just given. Most of the time that is the event's own token.
    func resumeToken(behind event: MongoChangeEvent) -> BSONView {
        guard let token = unsafe mongoc_change_stream_get_resume_token(stream), unsafe !token.isEqual(to: event.token)
        else { return event.token }
        return resumeToken ?? event.token
    }

    private var failure: MongoError? {
        var error = bson_error_t()
        var reply: OpaquePointer?
        guard unsafe mongoc_change_stream_error_document(stream, &error, &reply) else { return nil }
        let document = unsafe reply.flatMap { try? unsafe BSONDocument(copying: $0) }
        return MongoError(CFailure(error), reply: document, effect: .read)
    }
}
