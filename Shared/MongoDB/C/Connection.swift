// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CMongoC

/// A worker's `mongoc_client_t` and what was opened with it. Not `Sendable`: it stays on its thread.
@safe
final class Connection {
    let core: ClientCore
    let worker: Int
    let client: OpaquePointer
    var cursors: [UInt64: CursorHandle] = [:]
    /// What the worker does with it at present.
    var job: (any Job)?
    /// Until when that is to be answered.
    var deadline: ContinuousClock.Instant { job?.deadline ?? .now }
    /// The session that operations are part of, if they are.
    var session: SessionHandle?

    init(core: ClientCore, worker: Int) throws(MongoError) {
        self.core = core
        self.worker = worker
        unsafe client = try core.pool.pop()
    }

    /// Destroys the cursors, then gives the client back: the manual demands this order.
    func close() {
        cursors = [:]
        unsafe core.pool.push(client)
    }

    /// The milliseconds that are left, at least one: 0 would mean no limit.
    var remainingMilliseconds: Int { max(1, (deadline - .now).milliseconds) }

    /// Lends a collection, which costs an allocation and no communication.
    @safe
    func withCollection<R>(_ namespace: Namespace, _ body: (OpaquePointer) -> R) throws(MongoError) -> R {
        try namespace.validate()
        guard let collection = unsafe mongoc_client_get_collection(client, namespace.database, namespace.collection)
        else { throw MongoError(.invalidArgument, "a bad collection name") }
        defer { unsafe mongoc_collection_destroy(collection) }
        if session?.isSnapshot == true {
            // The library would send the collection's level as well, before the session's, and the server takes the first
            // (`_mongoc_client_session_append_read_concern` in mongoc-client-session.c, 1.23).
            let none = unsafe mongoc_read_concern_new()
            unsafe mongoc_collection_set_read_concern(collection, none)
            unsafe mongoc_read_concern_destroy(none)
        }
        return unsafe body(collection)
    }

    /// Options that bound the operation's time on the server by what is left of the deadline.
    func options(
        maxTime: Bool = true, _ body: (inout BSONWriter) -> Void = { _ in }
    ) throws(MongoError) -> BSONDocument {
        var writer = BSONWriter()
        if maxTime { writer.append("maxTimeMS", remainingMilliseconds) }
        if let session { writer.append(session.option) }
        body(&writer)
        return try writer.finish()
    }

    // MARK: Commands

    /// Runs a command as it is, on the primary.
    func runCommand(_ command: BSONDocument, database: String) throws(MongoError) -> BSONDocument {
        try Namespace(database: database, collection: "$cmd").validate()
        let result = try call { reply, error in
            command.withBSON { command in
                unsafe mongoc_client_command_simple(client, database, command, nil, reply, error)
            }
        }
        return try result.get(.write)
    }

    /// Runs a command that writes, under the connection's write concern.
    func write(_ command: BSONDocument, on namespace: Namespace) throws(MongoError) -> BSONDocument {
        let result = try withCollection(namespace) { collection in
            Result { () throws(MongoError) in
                try call { reply, error in
                    command.withBSON { command in
                        unsafe mongoc_collection_write_command_with_opts(collection, command, nil, reply, error)
                    }
                }
            }
        }
        return try result.get().get(.write)
    }

    /// Runs a command that reads, under the connection's read concern, and once more if the driver finds it retryable.
    func read(_ command: BSONDocument, on namespace: Namespace) throws(MongoError) -> BSONDocument {
        let result = try withCollection(namespace) { collection in
            Result { () throws(MongoError) in
                try call { reply, error in
                    command.withBSON { command in
                        unsafe mongoc_collection_read_command_with_opts(collection, command, nil, nil, reply, error)
                    }
                }
            }
        }
        return try result.get().get(.read)
    }
}

extension CallResult {
    /// The reply of a call that succeeded.
    func get(_ effect: Effect) throws(MongoError) -> BSONDocument {
        guard succeeded else { throw MongoError(failure, reply: reply, effect: effect) }
        return reply
    }
}
