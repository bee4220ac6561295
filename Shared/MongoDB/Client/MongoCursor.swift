// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization

/// The documents of a query, read in batches. Read it once: by `for try await`, or batch by batch where throughput
/// counts.
///
/// The cursor lives on the worker that opened it; other operations use that worker between the batches. It is
/// closed at its end, by ``close()``, or when it is released. The server forgets a cursor that nobody reads for ten
/// minutes (``MongoError/Code/cursorLost``).
///
/// A document that is no valid BSON, such as one with broken UTF-8, makes one read throw
/// ``MongoError/Code/invalidBSON``; the next read goes on behind it.
public final class MongoCursor: AsyncSequence, Sendable {
    /// A document.
    public typealias Element = BSONDocument
    /// What reading throws.
    public typealias Failure = MongoError

    private struct State {
        /// Told after the documents that came with it.
        var failure: MongoError?
        var isReading = false
        var isEnded = false
    }

    /// Which worker holds the cursor. Shared with jobs that may outlive this object.
    private final class Place: Sendable {
        let worker = Mutex<Int?>(nil)
        let isReleased = Atomic<Bool>(false)
    }

    private let client: MongoClient
    private let batchSize: Int
    private let timeout: Duration?
    private let source: Result<CursorSource, MongoError>
    private let number: UInt64
    private let place = Place()
    private let state = Mutex(State())

    init(client: MongoClient, batchSize: Int, timeout: Duration?, source: Result<CursorSource, MongoError>) {
        self.client = client
        self.batchSize = batchSize
        self.timeout = timeout
        self.source = source
        number = client.core.nextNumber()
    }

    deinit { release() }

    /// The next documents, at least one; `nil` at the end.
    ///
    /// - Throws: ``MongoError``. After `queueFull` and `invalidBSON` the cursor can be read on.
    public func nextBatch() async throws(MongoError) -> [BSONDocument]? {
        while true {
            guard try beginReading() else { return nil }
            let batch: CursorBatch
            do throws(MongoError) {
                batch = try await fetch()
            } catch {
                // Nothing was sent in this case: the cursor is as it was.
                let isUntouched = error.code == .queueFull
                state.withLock { state in
                    state.isReading = false
                    if !isUntouched { state.isEnded = true }
                }
                if !isUntouched { release() }
                throw error
            }
            state.withLock { state in
                state.isReading = false
                state.failure = batch.failure
                state.isEnded = batch.isExhausted
            }
            if !batch.documents.isEmpty { return batch.documents }
        }
    }

    /// All remaining documents at once. For results that are known to be small.
    public func toArray() async throws(MongoError) -> [BSONDocument] {
        var documents: [BSONDocument] = []
        while let batch = try await nextBatch() { documents += batch }
        return documents
    }

    /// Closes the cursor here and on the server. Reading gives `nil` from now on.
    public func close() {
        state.withLock { state in
            state.isEnded = true
            state.failure = nil
        }
        release()
    }

    /// Iterates over the documents, from where the reading is.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(cursor: self) }

    /// Reads document by document.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let cursor: MongoCursor
        private var batch: [BSONDocument] = []
        private var index = 0

        init(cursor: MongoCursor) { self.cursor = cursor }

        /// The next document, or `nil` at the end.
        public mutating func next() async throws(MongoError) -> BSONDocument? {
            try await next(isolation: #isolation)
        }

        /// The next document, or `nil` at the end.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(MongoError) -> BSONDocument? {
            if index == batch.count {
                guard let next = try await cursor.nextBatch() else { return nil }
                batch = next
                index = 0
            }
            defer { index += 1 }
            return batch[index]
        }
    }

    /// Whether there is anything to read. Throws what came with the batch before.
    private func beginReading() throws(MongoError) -> Bool {
        let outcome: Result<Bool, MongoError> = state.withLock { state in
            if state.isReading { return .failure(MongoError(.invalidArgument, "two tasks read one cursor")) }
            if let failure = state.failure {
                state.failure = nil
                return .failure(failure)
            }
            if state.isEnded { return .success(false) }
            state.isReading = true
            return .success(true)
        }
        return try outcome.get()
    }

    private func fetch() async throws(MongoError) -> CursorBatch {
        let source = try source.get()
        let worker = place.worker.withLock { $0 }
        return try await client.core.run(timeout: timeout, isWrite: false, worker: worker) {
            [number, place, batchSize] connection throws(MongoError) in
            let cursor: CursorHandle
            if let open = connection.cursors[number] {
                cursor = open
            } else {
                cursor = try connection.open(source)
                connection.cursors[number] = cursor
                place.worker.withLock { $0 = connection.worker }
            }
            let batch = cursor.read(count: batchSize)
            // Nobody reads on after the deadline; an errand may have come and gone before the cursor was there.
            if batch.isExhausted || place.isReleased.load(ordering: .acquiring) {
                connection.cursors[number] = nil
                place.worker.withLock { $0 = nil }
            }
            return batch
        }
    }

    /// Has the worker destroy the cursor, if it holds one.
    private func release() {
        place.isReleased.store(true, ordering: .releasing)
        guard let worker = place.worker.withLock({ $0 }) else { return }
        client.core.runErrand(worker: worker) { [number] in $0.cursors[number] = nil }
    }
}
