// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import DequeModule

extension ChangeStreamState {
    /// The reader is done with the event it got last.
    mutating func finishRead() {
        guard isReaderBusy else { return }
        isReaderBusy = false
        if backlog > 0, backlog != .max { backlog -= 1 }
        // Behind the last event the server may have moved the stream on past others' events.
        readerToken = buffer.isEmpty ? token : busyToken ?? readerToken
    }

    /// Gives the reader an event that is here.
    mutating func take(limit: Int) -> (event: Result<MongoChangeEvent, MongoError>, mustWake: Bool)? {
        guard let event = buffer.popFirst() else { return nil }
        isReaderBusy = true
        if case .success(let event) = event { busyToken = event.token }
        return (event, isPaused && buffer.count <= limit / 2)
    }

    /// Gives the reader an event, the end, or a place to wait.
    mutating func read(
        _ continuation: Reader, limit: Int
    ) -> (answer: Result<MongoChangeEvent?, MongoError>?, mustWake: Bool) {
        if let (event, mustWake) = take(limit: limit) { return (event.map(Optional.some), mustWake) }
        if case .ended = phase { return (ending(), false) }
        guard reader == nil else {
            return (.failure(MongoError(.invalidArgument, "two tasks read one change stream")), false)
        }
        reader = continuation
        return (nil, false)
    }

    /// The error that ended the stream, once; `nil` for a quiet end.
    mutating func ending() -> Result<MongoChangeEvent?, MongoError> {
        guard case .ended(let error?) = phase else { return .success(nil) }
        phase = .ended(nil)
        return .failure(error)
    }

    /// Waits for the stream to be open, or answers at once.
    mutating func open(_ number: UInt64, _ continuation: Opener) -> Result<Void, MongoError>? {
        switch phase {
        case .catchingUp, .open: return .success(())
        case .ended(let error): return .failure(error ?? MongoError(.closed))
        case .opening, .interrupted:
            openers[number] = continuation
            return nil
        }
    }

    /// Begins to catch up: the server has just been heard, and nobody knows how much is waiting there.
    mutating func catchUp() {
        phase = .catchingUp
        lastContact = .now
        backlog = Int.max
    }

    /// Counts a silence longer than `limit` as an interruption. Returns whether it was one.
    mutating func interruptAfter(_ limit: Duration) -> Bool {
        guard ContinuousClock.now - lastContact > limit else { return false }
        phase = .interrupted
        return true
    }

    /// An event came. Returns the reader, to be given it at once, if one waits.
    mutating func add(_ event: Result<MongoChangeEvent, MongoError>, token: BSONView?) -> Reader? {
        lastContact = .now
        self.token = token ?? self.token
        guard let reader else {
            buffer.append(event)
            return nil
        }
        self.reader = nil
        isReaderBusy = true
        busyToken = self.token
        return reader
    }

    /// The server has nothing more: what is here is all until now.
    mutating func foundNothing(token: BSONView?) {
        lastContact = .now
        self.token = token ?? self.token
        if case .open = phase {
        } else {
            phase = .open
            backlog = buffer.count + (isReaderBusy ? 1 : 0)
        }
        if buffer.isEmpty, !isReaderBusy { readerToken = self.token }
    }
}
