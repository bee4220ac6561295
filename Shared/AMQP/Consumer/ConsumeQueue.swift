// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule

/// The deliveries of a consumer between the broker and those who handle them. A value that decides; its owner acts.
///
/// The prefetch count bounds what is buffered: the broker sends no more until something is settled.
struct ConsumeQueue<Waiter> {
    /// A caller to wake with its deliveries.
    struct Resolution {
        let waiter: Waiter
        let deliveries: [AMQPDelivery]
    }

    enum Next {
        case deliveries([AMQPDelivery])
        case waiting
    }

    private var generation: UInt64 = 0
    private var buffer: Deque<AMQPDelivery> = []
    private var ledger = DeliveryLedger()
    private var waiters: Deque<(id: UInt64, waiter: Waiter, maximum: Int)> = []
    /// Deliveries that nobody gets because the consumer stops. They are not settled, or the broker would deliver them
    /// again at once: they return to the queue with the end of the channel.
    private var withheld = 0
    private var isUp = false
    private var lastError: AMQPError?
    /// Whether anything is handed out.
    private var isDelivering = true
    private(set) var isStopping = false
    private var isClosed = false
    /// When the first delivery came since the consumer took its place at the queue.
    private(set) var deliveredSince: ContinuousClock.Instant?
    private var isGivingWay = false

    // MARK: Callers

    mutating func next(id: UInt64, waiter: @autoclosure () -> Waiter, maximum: Int) -> Next {
        guard isDelivering else { return .deliveries([]) }
        if !buffer.isEmpty || isStopping { return .deliveries(take(maximum)) }
        waiters.append((id, waiter(), maximum))
        return .waiting
    }

    mutating func cancel(id: UInt64) -> Waiter? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return nil }
        return waiters.remove(at: index).waiter
    }

    /// Decides about deliveries; returns whether the connection has something to send. Deliveries of an earlier
    /// connection are the broker's again.
    mutating func settle(_ tag: AMQPDelivery.Tag, multiple: Bool, _ outcome: Settlement.Outcome) -> Bool {
        guard isUp, tag.generation == generation else { return false }
        return ledger.settle(tag.number, multiple: multiple, outcome)
    }

    private mutating func take(_ maximum: Int) -> [AMQPDelivery] {
        let count = min(max(maximum, 1), buffer.count)
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    // MARK: Connection

    /// Returns the generation of the new connection.
    mutating func connected() -> UInt64 {
        generation += 1
        ledger = DeliveryLedger()
        withheld = 0
        isUp = true
        lastError = nil
        deliveredSince = nil
        isGivingWay = false
        return generation
    }

    /// - Parameter keepsBuffer: what was delivered but not handed out is kept, because no queue holds it any more.
    mutating func disconnected(_ error: AMQPError, keepsBuffer: Bool = false) {
        if !keepsBuffer {
            buffer = []
        } else if isUp {
            // What earlier connections left here was delivered to this one again, unless its queue was gone: keeping both
            // would let the buffer grow with every reconnect.
            buffer.removeAll { $0.tag.generation != generation }
        }
        isUp = false
        lastError = error
        deliveredSince = nil
    }

    /// - Parameter hasPlace: whether anything has come since the consumer last took its place at the queue.
    mutating func delivered(_ deliveries: [AMQPDelivery], hasPlace: Bool = true) throws(AMQPError) -> [Resolution] {
        for delivery in deliveries { try ledger.delivered(delivery.tag.number) }
        if deliveredSince == nil, hasPlace { deliveredSince = .now }
        guard !isStopping else {
            withheld += deliveries.count
            return []
        }
        buffer.append(contentsOf: deliveries)
        var resolutions: [Resolution] = []
        while !buffer.isEmpty, let first = waiters.popFirst() {
            resolutions.append(Resolution(waiter: first.waiter, deliveries: take(first.maximum)))
        }
        return resolutions
    }

    /// Returns whether the connection has something to do.
    mutating func giveWay() -> Bool {
        guard isUp, !isStopping else { return false }
        isGivingWay = true
        return true
    }

    mutating func takeGivingWay() -> Bool {
        guard isGivingWay else { return false }
        isGivingWay = false
        deliveredSince = nil
        return true
    }

    mutating func takeSettlements() -> [Settlement] { ledger.takeSettlements() }

    // MARK: End

    /// Hands out nothing more; those who wait get an empty batch. The buffer stays within the prefetch count.
    mutating func stopDelivering() -> [Resolution] {
        isDelivering = false
        defer { waiters = [] }
        return waiters.map { Resolution(waiter: $0.waiter, deliveries: []) }
    }

    /// Hands out nothing more, and keeps nothing that could be; those who wait get an empty batch.
    mutating func stop() -> [Resolution] {
        guard !isStopping else { return [] }
        isStopping = true
        withheld = buffer.count { $0.tag.generation == generation }
        buffer = []
        return stopDelivering()
    }

    /// Whether everything that was handed out has its answer, and the broker was told.
    var isDrained: Bool { !isUp || ledger.openCount == withheld && !ledger.hasUnsent }

    /// Deliveries of this connection without an answer.
    var unsettledCount: Int { isUp ? ledger.openCount : 0 }

    mutating func close() { isClosed = true }

    var status: AMQPStatus {
        if isClosed { return .closed }
        return isUp ? .connected : .connecting(lastError: lastError)
    }
}

extension ConsumeQueue.Resolution: Sendable where Waiter: Sendable {}
