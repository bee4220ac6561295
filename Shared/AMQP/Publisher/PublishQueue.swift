// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule

/// The messages of a publisher between its callers and the broker's confirms. A value that decides; its owner acts.
///
/// Messages wait in `pending`, in order of arrival. The connection takes them in batches, as far as the window reaches,
/// and publishes them at once: the broker numbers them from 1 in that order, so `inFlight` is a table from delivery tag
/// to message. A lost connection moves the unconfirmed ones back to the front of `pending`.
///
/// All callers wait equally long, so both collections are in order of number and of deadline.
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

    private struct Entry {
        let id: UInt64
        let publication: Publication
        let deadline: Instant
        /// When it was given to the connection.
        var sentAt: Instant?
        /// `nil` once the caller has its answer.
        var waiter: Waiter?
        /// The broker's reply code when it has returned the message.
        var returned: Int?
        /// Confirmed before an earlier one.
        var isConfirmed = false
    }

    private enum Connection {
        case down(AMQPError?)
        case up(frameMaximum: Int)
    }

    private let windowMessages: Int
    private let windowBytes: Int
    /// How long a broker that takes messages may leave one unconfirmed.
    private let confirmTimeout: Duration
    private var pending: Deque<Entry> = []
    private var inFlight: Deque<Entry> = []
    /// The delivery tag of the first in flight.
    private var firstTag: UInt64 = 1
    /// The delivery tag after that of the last returned message.
    private var nextReturnTag: UInt64 = 1
    private var lastID: UInt64 = 0
    private var unconfirmedMessages = 0
    private var unconfirmedBytes = 0
    private var waiters = 0
    private var connection = Connection.down(nil)
    private var alarm: (reason: String, since: Instant)?
    /// The end of the last alarm: while there is one, nothing is confirmed.
    private var unblockedAt: Instant?
    /// A confirm was overdue, and none has come since.
    private var isOverdue = false
    /// Messages up to this number are published one at a time, see ``channelClosed(_:)``.
    private var lastSuspect: UInt64 = 0
    /// The connection has seen that there is nothing to do, so that the next message must wake it.
    private var isIdle = false
    private(set) var isStopping = false

    init(windowMessages: Int, windowBytes: Int, confirmTimeout: Duration) {
        self.windowMessages = windowMessages
        self.windowBytes = windowBytes
        self.confirmTimeout = confirmTimeout
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
            pending.append(Entry(id: lastID, publication: publication, deadline: deadline, waiter: waiter))
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
        var left: [Waiter] = []
        for index in Self.indices(of: ids, in: inFlight) {
            guard let waiter = inFlight[index].waiter else { continue }
            inFlight[index].waiter = nil
            left.append(waiter)
        }
        // All of a call at once: one by one, each would move all behind it.
        let unwritten = Self.indices(of: ids, in: pending)
        left += pending[unwritten].compactMap(\.waiter)
        pending.removeSubrange(unwritten)
        waiters -= left.count
        return left
    }

    /// The callers whose time is over, and the earliest deadline of the others.
    mutating func expire(now: Instant) -> (resolutions: [Resolution], next: Instant?) {
        var resolutions: [Resolution] = []
        var next: Instant?
        for index in inFlight.indices {
            guard let waiter = inFlight[index].waiter else { continue }
            guard inFlight[index].deadline <= now else {
                next = inFlight[index].deadline
                break
            }
            inFlight[index].waiter = nil
            waiters -= 1
            resolutions.append(Resolution(waiter: waiter, error: timeoutReason))
        }
        while let first = pending.first, first.deadline <= now {
            pending.removeFirst()
            waiters -= 1
            if let waiter = first.waiter { resolutions.append(Resolution(waiter: waiter, error: timeoutReason)) }
        }
        if let first = pending.first?.deadline { next = min(next ?? first, first) }
        if let due = confirmDue { next = min(next ?? due, due) }
        return (resolutions, next)
    }

    /// When the oldest message in flight has to be confirmed; `nil` while there is none, or the broker takes nothing.
    private var confirmDue: Instant? {
        guard case .up = connection, alarm == nil, let sentAt = inFlight.first?.sentAt else { return nil }
        return max(sentAt, unblockedAt ?? sentAt) + confirmTimeout
    }

    /// Whether the connection is to be given up, because the broker has stopped to confirm on it.
    ///
    /// Heartbeats go on all the same (seen with RabbitMQ 3.10.8 for minutes), so nothing else would end it, and nothing
    /// would be published until then.
    mutating func isConfirmOverdue(now: Instant) -> Bool {
        guard let due = confirmDue, due <= now else { return false }
        isOverdue = true
        return true
    }

    /// Why nothing was confirmed in time: the known reason, if there is one.
    private var timeoutReason: AMQPError {
        switch connection {
        case .down(let error?) where error.code == .protocolViolation:
            // What somebody on the way said to us says nothing about this message.
            AMQPError(.connectionLost, "the peer did not speak AMQP")
        case .down(let error?): error
        case .down(nil): AMQPError(.timedOut, "not connected")
        case .up:
            alarm.map { AMQPError(.blocked, $0.reason) } ?? AMQPError(.timedOut, "no confirm from the broker")
        }
    }

    private static func indices(of ids: Range<UInt64>, in entries: Deque<Entry>) -> Range<Int> {
        /// Where the first entry is whose number is at least this.
        func position(of id: UInt64) -> Int {
            var (low, high) = (0, entries.count)
            while low < high {
                let middle = (low + high) / 2
                if entries[middle].id < id { low = middle + 1 } else { high = middle }
            }
            return low
        }
        return position(of: ids.lowerBound)..<position(of: ids.upperBound)
    }

    // MARK: Connection

    mutating func connected(frameMaximum: Int) {
        connection = .up(frameMaximum: frameMaximum)
        alarm = nil
        unblockedAt = nil
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
        guard case .up = connection, alarm == nil, let first = pending.first else { return false }
        return fits(first)
    }

    private func fits(_ entry: Entry) -> Bool {
        if unconfirmedMessages == 0 { return true }
        // What is confirmed before an earlier one stays in the table until that is, too.
        return inFlight.count < 16 * windowMessages && entry.id > lastSuspect
            && (inFlight.last.map { $0.id > lastSuspect } ?? true)
            && unconfirmedMessages < windowMessages
            && unconfirmedBytes + entry.publication.size <= windowBytes
    }

    /// The messages to publish now, in this order. They count as in flight from here on, so each must be written or the
    /// connection given up.
    mutating func nextBatch(
        maximumBytes: Int, maximumMessages: Int, now: Instant
    ) -> (publications: [Publication], refused: [Resolution]) {
        var batch: [Publication] = []
        var refused: [Resolution] = []
        guard case .up(let frameMaximum) = connection, alarm == nil else { return (batch, refused) }
        var bytes = 0
        while var first = pending.first, fits(first), bytes < maximumBytes, batch.count < maximumMessages {
            pending.removeFirst()
            guard first.publication.headerSize <= frameMaximum else {
                waiters -= 1
                if let waiter = first.waiter {
                    let error = AMQPError(.invalidArgument, "the properties need more than one frame")
                    refused.append(Resolution(waiter: waiter, error: error))
                }
                continue
            }
            batch.append(first.publication)
            bytes += first.publication.size
            unconfirmedMessages += 1
            unconfirmedBytes += first.publication.size
            first.sentAt = now
            inFlight.append(first)
        }
        return (batch, refused)
    }

    /// - Throws: ``AMQPError/Code/protocolViolation`` for a confirm of what was never published.
    mutating func apply(_ event: Event, now: Instant, _ resolutions: inout [Resolution]) throws(AMQPError) {
        switch event {
        case .confirm(let tag, let multiple, let taken):
            isOverdue = false
            try confirm(tag: tag, multiple: multiple, taken: taken, &resolutions)
        case .returned(let messageID, let replyCode):
            noteReturn(messageID: messageID, replyCode: replyCode)
        case .blocked(let reason):
            // RabbitMQ says so once for each alarm, memory and disk; it is the first that counts.
            alarm = (reason, alarm?.since ?? now)
        case .unblocked:
            alarm = nil
            unblockedAt = now
        }
    }

    private mutating func noteReturn(messageID: String?, replyCode: Int) {
        func isMeant(_ index: Int) -> Bool {
            let entry = inFlight[index]
            return !entry.isConfirmed && entry.returned == nil && entry.publication.message.mandatory
                && entry.publication.message.properties.messageID == messageID
        }
        // Returns carry no tag. They come in the order of publishing, each before its confirm, so among equal
        // identifiers it is the first. Looked for from the last return on, or a window full of returns would take time
        // by its square. And then before it: a return that is missed would make its message a confirmed one.
        let start = min(Int(max(nextReturnTag, firstTag) - firstTag), inFlight.count)
        guard let index = (start..<inFlight.count).first(where: isMeant) ?? (0..<start).first(where: isMeant) else {
            return
        }
        inFlight[index].returned = replyCode
        nextReturnTag = firstTag + UInt64(index) + 1
    }

    private mutating func confirm(
        tag: UInt64, multiple: Bool, taken: Bool, _ resolutions: inout [Resolution]
    ) throws(AMQPError) {
        let end = firstTag + UInt64(inFlight.count)
        // Tag 0 with `multiple` means all (AMQP 0-9-1, basic.ack).
        let tag = tag == 0 && multiple ? end - 1 : tag
        guard tag < end, tag > 0 || multiple else { throw AMQPError(.protocolViolation, "a confirm of an unknown tag") }
        guard tag >= firstTag else { return }
        let last = Int(tag - firstTag)
        for index in (multiple ? 0 : last)...last where !inFlight[index].isConfirmed {
            inFlight[index].isConfirmed = true
            unconfirmedMessages -= 1
            unconfirmedBytes -= inFlight[index].publication.size
            guard let waiter = inFlight[index].waiter else { continue }
            inFlight[index].waiter = nil
            waiters -= 1
            let error: AMQPError? =
                if !taken {
                    AMQPError(.nacked, "the broker did not take the message")
                } else {
                    inFlight[index].returned.map {
                        AMQPError(.unroutable, replyCode: $0, "the message reaches no queue")
                    }
                }
            resolutions.append(Resolution(waiter: waiter, error: error))
        }
        while inFlight.first?.isConfirmed == true {
            inFlight.removeFirst()
            firstTag += 1
        }
    }

    /// The broker has closed the channel over one of the messages in flight, without saying which.
    ///
    /// Alone in flight, it is the culprit, and its caller gets the error. Otherwise all of them are published again one
    /// at a time, so that the culprit will be alone.
    mutating func channelClosed(_ error: AMQPError) -> [Resolution] {
        let suspects = inFlight.filter { !$0.isConfirmed }
        var resolutions: [Resolution] = []
        if suspects.count == 1 {
            inFlight = []
            convict(suspects[0], error, &resolutions)
            if error.code == .notFound || error.code == .accessRefused {
                // The exchange is missing or closed to us: it would be so for these too, at the price of a connection each.
                let exchange = suspects[0].publication.message.exchange
                let hopeless = pending.filter { $0.publication.message.exchange == exchange }
                for entry in hopeless { convict(entry, error, &resolutions) }
                pending.removeAll { $0.publication.message.exchange == exchange }
            }
        } else if let last = suspects.last {
            lastSuspect = last.id
        }
        // The refusal was about one message: the others must not get it for an answer.
        disconnected(AMQPError(.connectionLost, "the broker closed the channel"))
        return resolutions
    }

    private mutating func convict(_ entry: Entry, _ error: AMQPError, _ resolutions: inout [Resolution]) {
        guard let waiter = entry.waiter else { return }
        waiters -= 1
        resolutions.append(Resolution(waiter: waiter, error: error))
    }

    /// The connection is lost or could not be made. What is unconfirmed will be published again, unless its caller has
    /// given up.
    mutating func disconnected(_ error: AMQPError?) {
        // Why an attempt to connect failed afterwards is a reason of its own.
        if case .up = connection, isOverdue {
            connection = .down(AMQPError(.timedOut, "no confirm from the broker"))
        } else {
            connection = .down(error)
        }
        alarm = nil
        for var entry in inFlight.reversed() where !entry.isConfirmed && entry.waiter != nil {
            entry.returned = nil
            entry.sentAt = nil
            pending.prepend(entry)
        }
        inFlight = []
        firstTag = 1
        nextReturnTag = 1
        unconfirmedMessages = 0
        unconfirmedBytes = 0
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
        let error: AMQPError =
            switch connection {
            case .down(let error?): error
            case .down(nil), .up: Self.closed
            }
        let left = (Array(inFlight) + Array(pending)).compactMap { entry in
            entry.waiter.map { Resolution(waiter: $0, error: error) }
        }
        inFlight = []
        pending = []
        waiters = 0
        return left
    }

    var status: AMQPStatus {
        switch connection {
        case .down(let error): .connecting(lastError: error)
        case .up: alarm.map { .blocked(reason: $0.reason, since: $0.since) } ?? (isOverdue ? .unconfirmed : .connected)
        }
    }

    private static var closed: AMQPError { AMQPError(.closed, "the publisher has been shut down") }
}

extension PublishQueue.Resolution: Sendable where Waiter: Sendable {}
