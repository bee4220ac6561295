// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import DequeModule

/// What a change stream's thread and its reader agree on. Decides; the pump acts after its lock is released.
struct ChangeStreamState: Sendable {
    enum Phase: Sendable {
        case opening
        /// Open again; the server has not said yet that nothing more is waiting.
        case catchingUp
        case open
        case interrupted
        /// No more events will be added.
        case ended(MongoError?)
    }

    typealias Reader = CheckedContinuation<Result<MongoChangeEvent?, MongoError>, Never>
    typealias Opener = CheckedContinuation<Result<Void, MongoError>, Never>

    var phase = Phase.opening
    var isStopping = false
    /// When the server last answered.
    var lastContact = ContinuousClock.now
    /// Events, and what is told in place of one that cannot be read.
    var buffer: Deque<Result<MongoChangeEvent, MongoError>> = []
    /// Events that the reader has not finished with when the stream was last found drained: none of them left means
    /// that it has caught up.
    var backlog = 0
    /// Where the stream stands behind everything in the buffer.
    var token: BSONView?
    /// Where the reader stands: behind the events that it is done with.
    var readerToken: BSONView?
    /// Behind the event that the reader works on.
    var busyToken: BSONView?
    /// Whether the reader still works on the event it got last.
    var isReaderBusy = false
    var reader: Reader?
    var openers: [UInt64: Opener] = [:]
    /// Whether the thread stopped for want of room.
    var isPaused = false

    func status(silence: Duration) -> MongoChangeStream.Status {
        switch phase {
        case .opening: return .opening
        case .interrupted: return .interrupted
        case .ended: return .ended
        case .catchingUp, .open:
            // While it pauses for a slow reader it does not hear from the server either: it cannot vouch for anything.
            if ContinuousClock.now - lastContact > silence { return .interrupted }
            if case .open = phase, backlog == 0 { return .open }
            return .catchingUp
        }
    }
}
