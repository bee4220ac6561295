// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule

/// The messages published on one connection that wait for the broker's confirm: a table from delivery tag to message.
///
/// The broker numbers messages from 1 in the order in which they are published, so the tag of each follows from its place.
/// It confirms them in any order: one that is confirmed before an earlier one stays in the table until that is, too.
struct ConfirmLedger<Waiter> {
    typealias Instant = ContinuousClock.Instant
    typealias Message = PublishQueue<Waiter>.Message
    typealias Resolution = PublishQueue<Waiter>.Resolution

    private struct Entry {
        let id: UInt64
        let publication: Publication
        let deadline: Instant
        let sentAt: Instant
        /// `nil` once the caller has its answer.
        var waiter: Waiter?
        /// The broker's reply code when it has returned the message.
        var returned: Int?
        /// Confirmed before an earlier one.
        var isConfirmed = false
    }

    private let windowMessages: Int
    private let windowBytes: Int
    /// In order of their tags, numbers and deadlines.
    private var entries: Deque<Entry> = []
    /// The delivery tag of the first entry.
    private var firstTag: UInt64 = 1
    /// The delivery tag after that of the last returned message.
    private var nextReturnTag: UInt64 = 1
    /// How many messages have no confirm.
    private(set) var unconfirmedCount = 0
    private var unconfirmedBytes = 0

    /// - Parameters:
    ///   - windowMessages: how many messages may be unconfirmed.
    ///   - windowBytes: how large they may be together; a larger one goes alone.
    init(windowMessages: Int, windowBytes: Int) {
        self.windowMessages = windowMessages
        self.windowBytes = windowBytes
    }

    /// When the oldest message without a confirm was published.
    var oldestSentAt: Instant? { entries.first?.sentAt }

    /// The number of the message published last, as long as it is here.
    var lastID: UInt64? { entries.last?.id }

    /// Whether the window reaches as far as this message.
    func hasRoom(for publication: Publication) -> Bool {
        if unconfirmedCount == 0 { return true }
        return entries.count < 16 * windowMessages && unconfirmedCount < windowMessages
            && unconfirmedBytes + publication.size <= windowBytes
    }

    /// A message is published behind all others.
    mutating func append(_ message: Message, sentAt: Instant) {
        unconfirmedCount += 1
        unconfirmedBytes += message.publication.size
        entries.append(
            Entry(
                id: message.id, publication: message.publication, deadline: message.deadline, sentAt: sentAt,
                waiter: message.waiter))
    }

    // MARK: The broker's answers

    /// The broker has returned a message: no queue takes it.
    mutating func noteReturn(messageID: String?, replyCode: Int) {
        func isMeant(_ index: Int) -> Bool {
            let entry = entries[index]
            return !entry.isConfirmed && entry.returned == nil && entry.publication.message.mandatory
                && entry.publication.message.properties.messageID == messageID
        }
        // Returns carry no tag. They come in the order of publishing, each before its confirm, so among equal
        // identifiers it is the first. Looked for from the last return on, or a window full of returns would take time
        // by its square. And then before it: a return that is missed would make its message a confirmed one.
        let start = min(Int(max(nextReturnTag, firstTag) - firstTag), entries.count)
        guard let index = (start..<entries.count).first(where: isMeant) ?? (0..<start).first(where: isMeant) else {
            return
        }
        entries[index].returned = replyCode
        nextReturnTag = firstTag + UInt64(index) + 1
    }

    /// The broker has answered for a message, or for all up to it.
    ///
    /// - Throws: ``AMQPError/Code/protocolViolation`` for a confirm of what was never published.
    mutating func confirm(
        tag: UInt64, multiple: Bool, taken: Bool, _ resolutions: inout [Resolution]
    ) throws(AMQPError) {
        let end = firstTag + UInt64(entries.count)
        // Tag 0 with `multiple` means all (AMQP 0-9-1, basic.ack).
        let tag = tag == 0 && multiple ? end - 1 : tag
        guard tag < end, tag > 0 || multiple else { throw AMQPError(.protocolViolation, "a confirm of an unknown tag") }
        guard tag >= firstTag else { return }
        let last = Int(tag - firstTag)
        for index in (multiple ? 0 : last)...last where !entries[index].isConfirmed {
            entries[index].isConfirmed = true
            unconfirmedCount -= 1
            unconfirmedBytes -= entries[index].publication.size
            guard let waiter = entries[index].waiter.take() else { continue }
            let error: AMQPError? =
                if !taken {
                    AMQPError(.nacked, "the broker did not take the message")
                } else {
                    entries[index].returned.map {
                        AMQPError(.unroutable, replyCode: $0, "the message reaches no queue")
                    }
                }
            resolutions.append(Resolution(waiter: waiter, error: error))
        }
        while entries.first?.isConfirmed == true {
            entries.removeFirst()
            firstTag += 1
        }
    }

    // MARK: Callers

    /// Nobody waits any more for the messages with these numbers.
    ///
    /// - Returns: the callers that had no answer yet, in order.
    mutating func cancel(_ ids: Range<UInt64>) -> [Waiter] {
        entries.indices(of: ids) { $0.id }.compactMap { entries[$0].waiter.take() }
    }

    /// The callers whose time is over, and the earliest deadline of the others.
    mutating func expire(now: Instant) -> (waiters: [Waiter], next: Instant?) {
        var waiters: [Waiter] = []
        for index in entries.indices where entries[index].waiter != nil {
            guard entries[index].deadline <= now else { return (waiters, entries[index].deadline) }
            if let waiter = entries[index].waiter.take() { waiters.append(waiter) }
        }
        return (waiters, nil)
    }

    // MARK: The end of the connection

    /// The first message without a confirm.
    var firstUnconfirmed: Publication? { entries.first { !$0.isConfirmed }?.publication }

    /// The number of the last message without a confirm.
    var lastUnconfirmedID: UInt64? { entries.last { !$0.isConfirmed }?.id }

    /// Empties the table, for the next connection.
    ///
    /// - Returns: what is unconfirmed and waited for, in order.
    mutating func end() -> [Message] {
        defer { self = ConfirmLedger(windowMessages: windowMessages, windowBytes: windowBytes) }
        return entries.compactMap { entry in
            guard !entry.isConfirmed, let waiter = entry.waiter else { return nil }
            return Message(id: entry.id, publication: entry.publication, deadline: entry.deadline, waiter: waiter)
        }
    }
}
