// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization

/// The changes of a collection, in order, from a thread and a connection of its own.
///
/// Read it from one task. After network errors and failovers it resumes by itself behind the last event, with growing
/// pauses, until it succeeds or is closed: reading just waits meanwhile, and no event is lost. It ends with an error
/// when that cannot work, above all with ``MongoError/Code/historyLost`` when the server's history no longer reaches
/// back to where it stopped; then read the collection anew and open a new stream *before* doing so.
///
/// An event that is no valid BSON, such as one that quotes a document with broken UTF-8, makes one read throw
/// ``MongoError/Code/invalidBSON``; the next read goes on behind it.
///
/// A cache that relies on the stream asks ``status`` at each use, or is told by the `onStatus` of
/// ``MongoCollection/watch(_:options:onStatus:)``.
public final class MongoChangeStream: AsyncSequence, Sendable {
    /// A change.
    public typealias Element = MongoChangeEvent
    /// What ends the stream.
    public typealias Failure = MongoError

    /// Whether the stream keeps up.
    public enum Status: Sendable, Hashable {
        /// Not open yet.
        case opening
        /// Open again or for the first time, and events from before are still on their way to the reader.
        case catchingUp
        /// Open; the server was heard within the waiting time, and all events until the stream was last opened have
        /// been read.
        case open
        /// Broken, or silent for longer than the waiting time and a second. It resumes by itself.
        case interrupted
        /// Closed or failed. Nothing comes any more.
        case ended
    }

    private let pump: ChangeStreamPump
    private let client: MongoClient

    init(client: MongoClient, pump: ChangeStreamPump) {
        self.client = client
        self.pump = pump
    }

    deinit { pump.stop() }

    /// Whether the stream keeps up, now. Takes a lock, no communication; call it as often as you like.
    ///
    /// A silent server is noticed here before the network reports it: the status is `interrupted` as soon as the
    /// server was not heard for longer than it may wait, plus a second.
    public var status: Status { pump.status }

    /// Where to resume behind the events that the reader is done with: the last one that it got counts once it asks for the
    /// next. Later than that event's own token when others' events passed.
    public var resumeToken: BSONDocument? { pump.readerToken }

    /// Waits until the stream is open on the server, so that nothing that happens afterwards can be missed.
    ///
    /// - Throws: what ended the stream, ``MongoError/Code/timedOut``, ``MongoError/Code/cancelled``.
    public func waitUntilOpen(timeout: Duration = .seconds(10)) async throws(MongoError) {
        try await pump.waitUntilOpen(until: .now + timeout)
    }

    /// Ends the stream. Reading gives `nil` behind the events that are here already. Its connection is given back
    /// within the waiting time.
    public func close() { pump.stop() }

    /// Iterates over the events, from where the reading is.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(stream: self) }

    /// Reads event by event.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let stream: MongoChangeStream

        /// The next event; `nil` after ``MongoChangeStream/close()``, ``MongoClient/close()`` or when the task was
        /// cancelled.
        public mutating func next() async throws(MongoError) -> MongoChangeEvent? {
            try await next(isolation: #isolation)
        }

        /// The next event; `nil` after ``MongoChangeStream/close()``, ``MongoClient/close()`` or when the task was
        /// cancelled.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(MongoError) -> MongoChangeEvent? {
            try await stream.pump.read()
        }
    }
}
