// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CMongoC

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Owns a `mongoc_client_session_t`, which belongs to the client that started it. Not `Sendable`: it stays on its thread.
@safe
final class SessionHandle {
    private let session: OpaquePointer
    /// Whether all its reads see the database as it is at the first one.
    let isSnapshot: Bool
    /// What an operation's options say to be one of the session's.
    let option: BSONElement

    init(of client: OpaquePointer, isSnapshot: Bool) throws(MongoError) {
        let options = unsafe mongoc_session_opts_new()
        defer { unsafe mongoc_session_opts_destroy(options) }
        unsafe mongoc_session_opts_set_causal_consistency(options, false)
        unsafe mongoc_session_opts_set_snapshot(options, isSnapshot)
        var error = bson_error_t()
        guard let session = unsafe mongoc_client_start_session(client, options, &error) else {
            throw MongoError(CFailure(error), reply: nil, effect: .read)
        }
        unsafe self.session = session
        self.isSnapshot = isSnapshot
        let appended: Result<CallResult, MongoError> = Result { () throws(MongoError) in
            try call { document, error in
                unsafe bson_init(document)
                return unsafe mongoc_client_session_append(session, document, error)
            }
        }
        guard case .success(let result) = appended, result.succeeded,
            let option = result.reply.first(where: { _ in true })
        else {
            unsafe mongoc_client_session_destroy(session)
            throw MongoError(.invalidArgument, "a session that cannot be named")
        }
        self.option = option
    }

    deinit { unsafe mongoc_client_session_destroy(session) }

    /// Between two attempts to commit, on a thread that has nothing else to do.
    private static var pause: Duration { .milliseconds(10) }

    /// Begins a transaction, under the client's read and write concern.
    func begin() throws(MongoError) {
        var error = bson_error_t()
        guard unsafe mongoc_client_session_start_transaction(session, nil, &error) else {
            throw MongoError(CFailure(error), reply: nil, effect: .read)
        }
    }

    /// Makes the transaction durable.
    ///
    /// - Parameter deadline: until when a commit whose outcome is unknown is repeated, which is harmless.
    /// - Throws: ``MongoError``. With ``MongoError/outcomeUnknown`` all of it may be there, now or later; otherwise nothing is.
    func commit(until deadline: ContinuousClock.Instant) throws(MongoError) {
        var isUnknown = false
        while true {
            let result = try call { reply, error in
                unsafe mongoc_client_session_commit_transaction(session, reply, error)
            }
            if result.succeeded { return }
            var error = MongoError(result.failure, reply: result.reply, effect: .write)
            guard error.labels.contains("UnknownTransactionCommitResult") else {
                // Refused: nothing of it is there. Unless it is the write concern that has failed, which a commit is told of behind
                // itself (Transactions specification, "UnknownTransactionCommitResult"); or an attempt before may have done it, and
                // this refusal says nothing of that one.
                let isAborted = error.labels.contains("TransientTransactionError")
                error.outcomeUnknown = result.reply["writeConcernError"] != nil || isUnknown && !isAborted
                throw error
            }
            isUnknown = true
            guard .now + Self.pause < deadline else {
                error.outcomeUnknown = true
                throw error
            }
            usleep(UInt32(Self.pause.milliseconds * 1000))
        }
    }

    /// Ends the transaction; nothing of it is there. Where that cannot be said, the server ends it after its own limit
    /// (`transactionLifetimeLimitSeconds`).
    func abort() { unsafe mongoc_client_session_abort_transaction(session, nil) }
}
