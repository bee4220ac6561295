// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension MongoClient {
    /// Reads and writes as one: when this returns all of it is durable, and after an error nothing of it is there, unless
    /// ``MongoError/outcomeUnknown`` is set.
    ///
    /// It is one operation on one worker, which waits for the server without going back to the caller in between: so no lock is held
    /// for longer than the server needs. Where two transactions meet, one is ended by the server; it is tried again here after a
    /// moment, until the time is over.
    ///
    /// - Parameters:
    ///   - timeout: for everything, all attempts together; `nil` for the configured one.
    ///   - attempts: how often it is tried at most, at least once.
    ///   - body: what to do. Called again for each attempt, on a thread of the client's, which may wait.
    /// - Throws: ``MongoError``, as `body` does; ``MongoError/Code/writeConflict`` when it has met others to the end, or as often as it may.
    public func withTransaction<R: Sendable>(
        timeout: Duration? = nil, attempts: Int = .max,
        _ body: @escaping @Sendable (borrowing MongoTransaction) throws(MongoError) -> R
    ) async throws(MongoError) -> R {
        let deadline = ContinuousClock.now + (timeout ?? core.configuration.operationTimeout)
        var attempt = 0
        while true {
            do throws(MongoError) {
                return try await core.run(timeout: deadline - .now, isWrite: true) { connection throws(MongoError) in
                    try connection.transaction(body)
                }
            } catch {
                attempt += 1
                // Those who met here should not meet again.
                let pause = Duration.microseconds(Int.random(in: 500...(1000 << min(attempt, 6))))
                guard error.isPassingConflict, !error.outcomeUnknown, attempt < attempts, .now + pause < deadline
                else { throw error }
                do { try await Task.sleep(for: pause) } catch { throw MongoError(.cancelled) }
            }
        }
    }

    /// Reads the database as it is at one moment, beside whoever writes. When the task is cancelled the reading ends with the
    /// batch of documents that is under way.
    ///
    /// - Parameters:
    ///   - timeout: for everything; what is read for longer than five minutes the server may not have any more.
    ///   - body: reads, on a thread of the client's, which it keeps for as long.
    public func withSnapshot<R: Sendable>(
        timeout: Duration, _ body: @escaping @Sendable (borrowing MongoSnapshot) throws(MongoError) -> R
    ) async throws(MongoError) -> R {
        try await core.run(timeout: timeout, isWrite: false) { connection throws(MongoError) in
            try connection.snapshot(body)
        }
    }
}

extension MongoError {
    /// Whether a transaction was ended because of another one, or for a reason that has passed when it is tried again.
    fileprivate var isPassingConflict: Bool { code == .writeConflict || labels.contains("TransientTransactionError") }

    /// What the refusal of one write is for the transaction that it was in.
    init(_ refused: BulkWriteError) {
        self.init(refused.code, refused.text, serverCode: refused.serverCode)
        keyPattern = refused.keyPattern
        keyValue = refused.keyValue
    }
}

extension Connection {
    fileprivate func transaction<R>(
        _ body: (borrowing MongoTransaction) throws(MongoError) -> R
    ) throws(MongoError) -> R {
        let session = try begin(isSnapshot: false)
        defer { self.session = nil }
        try session.begin()
        let result: R
        do throws(MongoError) {
            result = try body(MongoTransaction(connection: self))
        } catch {
            session.abort()
            // Whatever was sent, it was not committed.
            var error = error
            error.outcomeUnknown = false
            throw error
        }
        try session.commit(until: deadline)
        return result
    }

    fileprivate func snapshot<R>(_ body: (borrowing MongoSnapshot) throws(MongoError) -> R) throws(MongoError) -> R {
        _ = try begin(isSnapshot: true)
        defer { session = nil }
        return try body(MongoSnapshot(connection: self))
    }

    private func begin(isSnapshot: Bool) throws(MongoError) -> SessionHandle {
        let session = try unsafe SessionHandle(of: client, isSnapshot: isSnapshot)
        self.session = session
        return session
    }
}
