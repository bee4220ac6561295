// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The requests of a connection whose answers have not ended; the last of them may still be arriving. A value that
/// decides; ``ConnectionGuard`` acts.
struct OpenRequests {
    private enum Arrival {
        /// Of no request more is to come.
        case none
        /// A head has arrived, and its client waits to be told that the body is welcome.
        case awaitingContinue
        /// A head has arrived, its end has not.
        case receiving
    }

    private var arrival = Arrival.none
    /// Heads received, minus answers ended.
    private(set) var count = 0
    /// Whether the present read brought a part, not just bytes of an unfinished head.
    private var sawPart = false

    /// Whether a request's head has arrived, and its end has not.
    var isReceiving: Bool { arrival != .none }

    /// Whether the only open request is still being received: behind its answer nobody knows where the next one begins.
    var isOnlyOneReceiving: Bool { isReceiving && count == 1 }

    /// Whether something has to come from the client; a request that is here in whole waits for us.
    var isClientsTurn: Bool { isReceiving || count == 0 }

    // MARK: What arrives

    /// The present read brought a part of a request, whatever becomes of it.
    mutating func notePart() { sawPart = true }

    /// A head has arrived.
    mutating func begin(expectsContinue: Bool) {
        arrival = expectsContinue ? .awaitingContinue : .receiving
        count += 1
    }

    /// Some of the body has arrived; nobody waits to be asked for it any more.
    mutating func receiveBody() {
        if isReceiving { arrival = .receiving }
    }

    /// The end has arrived.
    mutating func receiveEnd() { arrival = .none }

    /// A request has arrived in whole, and is answered elsewhere.
    mutating func beginElsewhere() { count += 1 }

    /// A read has ended.
    ///
    /// - Returns: whether a request is here in part. Bytes without a part are an unfinished head; behind a request that is
    ///   worked on it may take its time.
    mutating func completeRead() -> Bool {
        defer { sawPart = false }
        return isReceiving || (!sawPart && count == 0)
    }

    // MARK: Answers

    /// An answer has ended, perhaps one to what is no request.
    mutating func endAnswer() { count = max(0, count - 1) }

    /// Whether it is time to say that a body is welcome: once, when all answers before have been given (RFC 9110 §10.1.1).
    mutating func takeContinue() -> Bool {
        guard arrival == .awaitingContinue, count == 1 else { return false }
        arrival = .receiving
        return true
    }
}
