// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a publisher knows of its broker: whether it is connected, takes messages, and confirms them in time. From that
/// follows what is said to readiness checks, and to callers who have waited in vain.
struct BrokerState {
    typealias Instant = ContinuousClock.Instant

    private enum Connection {
        case down(AMQPError?)
        case up(frameMaximum: Int)
    }

    /// How long a broker that takes messages may leave one unconfirmed.
    private let confirmTimeout: Duration
    private var connection = Connection.down(nil)
    private var alarm: (reason: String, since: Instant)?
    /// The end of the last alarm: while there is one, nothing is confirmed.
    private var unblockedAt: Instant?
    /// A confirm was overdue, and none has come since.
    private var isOverdue = false
    /// Since when the broker has taken nothing on this connection.
    private var refusal: (since: Instant, last: Instant)?
    /// How long it may refuse everything.
    private static let refusalPatience = Duration.seconds(10)

    init(confirmTimeout: Duration) { self.confirmTimeout = confirmTimeout }

    // MARK: What happens

    mutating func connected(frameMaximum: Int) {
        connection = .up(frameMaximum: frameMaximum)
        alarm = nil
        unblockedAt = nil
        refusal = nil
    }

    mutating func disconnected(_ error: AMQPError?) {
        // Why an attempt to connect failed afterwards is a reason of its own.
        if case .up = connection, isOverdue {
            connection = .down(Self.noConfirm)
        } else {
            connection = .down(error)
        }
        alarm = nil
    }

    mutating func blocked(reason: String, now: Instant) {
        // RabbitMQ says so once for each alarm, memory and disk; it is the first that counts.
        alarm = (reason, alarm?.since ?? now)
    }

    mutating func unblocked(now: Instant) {
        alarm = nil
        unblockedAt = now
    }

    /// The broker has answered for messages.
    ///
    /// A channel that refuses one message after the other is given up: one that was opened when a node of a cluster was just lost may
    /// go on so until that is back, while other channels have the queues' new leaders (seen with RabbitMQ 3.10.8). Where a queue
    /// is full a new one costs little. A channel that is taken something from by one queue and refused by another stays.
    ///
    /// - Throws: ``AMQPError/Code/connectionLost``.
    mutating func confirmed(taken: Bool, now: Instant) throws(AMQPError) {
        isOverdue = false
        guard !taken else {
            refusal = nil
            return
        }
        // One that nothing followed for so long says nothing of the channel.
        let isOld = refusal.map { now - $0.last > Self.refusalPatience } ?? true
        let since = isOld ? now : refusal?.since ?? now
        refusal = (since, now)
        if now - since >= Self.refusalPatience {
            throw AMQPError(.connectionLost, "the broker takes nothing on this channel")
        }
    }

    // MARK: What follows

    /// The largest frame, in bytes; `nil` while the broker takes no messages.
    var frameMaximum: Int? {
        guard case .up(let frameMaximum) = connection, alarm == nil else { return nil }
        return frameMaximum
    }

    /// When a message that was sent then has to be confirmed; `nil` while the broker takes no messages.
    func confirmDue(sentAt: Instant) -> Instant? {
        guard frameMaximum != nil else { return nil }
        return max(sentAt, unblockedAt ?? sentAt) + confirmTimeout
    }

    /// Whether the connection is to be given up, because the broker has stopped to confirm on it.
    ///
    /// Heartbeats go on all the same (seen with RabbitMQ 3.10.8 for minutes), so nothing else would end it, and nothing
    /// would be published until then.
    ///
    /// - Parameter sentAt: when the oldest message that is not confirmed was sent.
    mutating func isConfirmOverdue(sentAt: Instant, now: Instant) -> Bool {
        guard let due = confirmDue(sentAt: sentAt), due <= now else { return false }
        isOverdue = true
        return true
    }

    /// Why nothing was confirmed in time: the known reason, if there is one.
    var timeoutReason: AMQPError {
        switch connection {
        case .down(let error?) where error.code == .protocolViolation:
            // What somebody on the way said to us says nothing about this message.
            AMQPError(.connectionLost, "the peer did not speak AMQP")
        case .down(let error?): error
        case .down(nil): AMQPError(.timedOut, "not connected")
        case .up: alarm.map { AMQPError(.blocked, $0.reason) } ?? Self.noConfirm
        }
    }

    /// Why there is no connection, if there is none and a reason is known.
    var lastError: AMQPError? { if case .down(let error) = connection { error } else { nil } }

    var status: AMQPStatus {
        switch connection {
        case .down(let error): .connecting(lastError: error)
        case .up: alarm.map { .blocked(reason: $0.reason, since: $0.since) } ?? (isOverdue ? .unconfirmed : .connected)
        }
    }

    private static var noConfirm: AMQPError { AMQPError(.timedOut, "no confirm from the broker") }
}
