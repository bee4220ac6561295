// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule

/// The messages of a publisher between its callers and the broker's confirms. A value that decides; its owner acts.
///
/// Messages wait in `pending`, in order of arrival. The connection takes them in batches, as far as the window reaches,
/// and publishes them at once; from then on they are in the ``ConfirmLedger`` of that connection. A lost connection moves
/// the unconfirmed ones back to the front of `pending`. Whether anything can be published, and why not, is what
/// ``BrokerState`` knows.
///
/// All callers wait equally long, so both collections are in order of number and of deadline. A message is in one of them
/// at most, and `waiters` counts those of both that somebody waits for: somebody does for each that is pending.
struct PublishQueue<Waiter> {
    typealias Instant = ContinuousClock.Instant

    /// A caller to wake: `nil` for a confirmed message.
    struct Resolution {
        let waiter: Waiter
        let error: AMQPError?
    }

    /// What the broker says.
    enum Event {
        case confirm(tag: UInt64, multiple: Bool, taken: Bool)
        case returned(messageID: String?, replyCode: Int)
        case blocked(reason: String)
        case unblocked
    }

    /// A message that somebody waits for.
    struct Message {
        /// Its number, from 1 in order of arrival.
        let id: UInt64
        let publication: Publication
        let deadline: Instant
        let waiter: Waiter
    }

    private var pending: Deque<Message> = []
    private var inFlight: ConfirmLedger<Waiter>
    private var broker: BrokerState
    private var lastID: UInt64 = 0
    private var waiters = 0
    /// Messages up to this number are published one at a time, see ``channelClosed(_:)``.
    private var lastSuspect: UInt64 = 0
    /// The connection has seen that there is nothing to do, so that the next message must wake it.
    private var isIdle = false
    private(set) var isStopping = false

    /// - Parameters:
    ///   - windowMessages: how many messages may be unconfirmed.
    ///   - windowBytes: how large they may be together; a larger one goes alone.
    ///   - confirmTimeout: how long a broker that takes messages may leave one unconfirmed.
    init(windowMessages: Int, windowBytes: Int, confirmTimeout: Duration) {
        inFlight = ConfirmLedger(windowMessages: windowMessages, windowBytes: windowBytes)
        broker = BrokerState(confirmTimeout: confirmTimeout)
    }

    // MARK: Callers

    enum Enqueued {
        /// The messages are numbered from `firstID` on.
        case accepted(firstID: UInt64, mustWake: Bool)
        case refused(AMQPError)
    }

    /// Takes the messages of a call, all or none.
    mutating func enqueue(
        _ messages: [(publication: Publication, waiter: Waiter)], deadline: Instant
    ) -> Enqueued {
        guard !isStopping else { return .refused(Self.closed) }
        let firstID = lastID + 1
        for (publication, waiter) in messages {
            lastID += 1
            pending.append(Message(id: lastID, publication: publication, deadline: deadline, waiter: waiter))
        }
        waiters += messages.count
        let mustWake = isIdle && !messages.isEmpty
        if mustWake { isIdle = false }
        return .accepted(firstID: firstID, mustWake: mustWake)
    }

    /// Nobody waits any more for the messages with these numbers. What has not been written never will be.
    ///
    /// - Returns: the callers that had no answer yet, in order.
    mutating func cancel(_ ids: Range<UInt64>) -> [Waiter] {
        // All of a call at once: one by one, each would move all behind it.
        let unwritten = pending.indices(of: ids) { $0.id }
        let left = inFlight.cancel(ids) + pending[unwritten].map(\.waiter)
        pending.removeSubrange(unwritten)
        waiters -= left.count
        return left
    }

    /// The callers whose time is over, and the earliest deadline of the others.
    mutating func expire(now: Instant) -> (resolutions: [Resolution], next: Instant?) {
        var (late, next) = inFlight.expire(now: now)
        while let first = pending.first, first.deadline <= now {
            pending.removeFirst()
            late.append(first.waiter)
        }
        waiters -= late.count
        if let first = pending.first?.deadline { next = min(next ?? first, first) }
        if let due = inFlight.oldestSentAt.flatMap(broker.confirmDue(sentAt:)) { next = min(next ?? due, due) }
        return (late.map { Resolution(waiter: $0, error: broker.timeoutReason) }, next)
    }

    /// Whether the connection is to be given up, because the broker has stopped to confirm on it.
    mutating func isConfirmOverdue(now: Instant) -> Bool {
        guard let sentAt = inFlight.oldestSentAt else { return false }
        return broker.isConfirmOverdue(sentAt: sentAt, now: now)
    }

    // MARK: Connection

    mutating func connected(frameMaximum: Int) {
        broker.connected(frameMaximum: frameMaximum)
        isIdle = false
    }

    /// Whether ``nextBatch(maximumBytes:maximumMessages:now:)`` would return something. If not, the connection is about to
    /// wait.
    mutating func prepareBatch() -> Bool {
        // While something is pending, a confirm or an unblocking wakes the connection first. With nothing pending it is
        // up to the next message, also after a connect and after the last pending one was cancelled or out of time.
        isIdle = pending.isEmpty
        return hasSendable
    }

    /// Whether ``nextBatch(maximumBytes:maximumMessages:now:)`` would return something.
    var hasSendable: Bool {
        guard broker.frameMaximum != nil, let first = pending.first else { return false }
        return maySend(first)
    }

    private func maySend(_ message: Message) -> Bool {
        guard inFlight.hasRoom(for: message.publication) else { return false }
        // A suspect goes alone.
        return inFlight.unconfirmedCount == 0 || min(message.id, inFlight.lastID ?? .max) > lastSuspect
    }

    /// The messages to publish now, in this order. They count as in flight from here on, so each must be written or the
    /// connection given up.
    mutating func nextBatch(
        maximumBytes: Int, maximumMessages: Int, now: Instant
    ) -> (publications: [Publication], refused: [Resolution]) {
        var batch: [Publication] = []
        var refused: [Resolution] = []
        guard let frameMaximum = broker.frameMaximum else { return (batch, refused) }
        var bytes = 0
        while let first = pending.first, maySend(first), bytes < maximumBytes, batch.count < maximumMessages {
            pending.removeFirst()
            guard first.publication.headerSize <= frameMaximum else {
                refused.append(refuse(first, AMQPError(.invalidArgument, "the properties need more than one frame")))
                continue
            }
            batch.append(first.publication)
            bytes += first.publication.size
            inFlight.append(first, sentAt: now)
        }
        return (batch, refused)
    }

    /// - Throws: ``AMQPError/Code/protocolViolation`` for a confirm of what was never published, and
    ///   ``AMQPError/Code/connectionLost`` when the broker has taken nothing for too long.
    mutating func apply(_ event: Event, now: Instant, _ resolutions: inout [Resolution]) throws(AMQPError) {
        switch event {
        case .confirm(let tag, let multiple, let taken):
            let before = resolutions.count
            try inFlight.confirm(tag: tag, multiple: multiple, taken: taken, &resolutions)
            waiters -= resolutions.count - before
            try broker.confirmed(taken: taken, now: now)
        case .returned(let messageID, let replyCode):
            inFlight.noteReturn(messageID: messageID, replyCode: replyCode)
        case .blocked(let reason):
            broker.blocked(reason: reason, now: now)
        case .unblocked:
            broker.unblocked(now: now)
        }
    }

    /// The broker has closed the channel over one of the messages in flight, without saying which.
    ///
    /// Alone in flight, it is the culprit, and its caller gets the error. Otherwise all of them are published again one
    /// at a time, so that the culprit will be alone.
    mutating func channelClosed(_ error: AMQPError) -> [Resolution] {
        var hopeless: [Message] = []
        if inFlight.unconfirmedCount == 1, let exchange = inFlight.firstUnconfirmed?.message.exchange {
            hopeless = inFlight.end()
            if error.code == .notFound || error.code == .accessRefused {
                // The exchange is missing or closed to us: it would be so for these too, at the price of a connection each.
                hopeless += pending.filter { $0.publication.message.exchange == exchange }
                pending.removeAll { $0.publication.message.exchange == exchange }
            }
        } else if let last = inFlight.lastUnconfirmedID {
            lastSuspect = last
        }
        let resolutions = hopeless.map { refuse($0, error) }
        // The refusal was about one message: the others must not get it for an answer.
        disconnected(AMQPError(.connectionLost, "the broker closed the channel"))
        return resolutions
    }

    private mutating func refuse(_ message: Message, _ error: AMQPError) -> Resolution {
        waiters -= 1
        return Resolution(waiter: message.waiter, error: error)
    }

    /// The connection is lost or could not be made. What is unconfirmed will be published again, unless its caller has
    /// given up.
    mutating func disconnected(_ error: AMQPError?) {
        broker.disconnected(error)
        pending.prepend(contentsOf: inFlight.end())
        isIdle = false
    }

    // MARK: End

    /// Takes no more messages.
    mutating func stop() { isStopping = true }

    /// Whether nobody waits any more.
    var isDrained: Bool { waiters == 0 }

    /// Ends everybody's waiting.
    mutating func close() -> [Resolution] {
        isStopping = true
        let error = broker.lastError ?? Self.closed
        let left = (inFlight.end() + pending).map { Resolution(waiter: $0.waiter, error: error) }
        pending = []
        waiters = 0
        return left
    }

    var status: AMQPStatus { broker.status }

    private static var closed: AMQPError { AMQPError(.closed, "the publisher has been shut down") }
}

extension PublishQueue.Resolution: Sendable where Waiter: Sendable {}
