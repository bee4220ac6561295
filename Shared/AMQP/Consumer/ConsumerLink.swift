// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ThreadExecutor

/// One connection of a consumer: an actor on the connection's own thread, which is also its event loop.
actor ConsumerLink: EventSource {
    enum Outcome {
        /// The consumer was stopped, and all answers are sent.
        case finished
        /// The connection is gone, or the queue.
        case lost(AMQPError)
    }

    private let core: ConsumerCore
    private let queue: String
    private let prefetch: UInt16
    private let topology: AMQPTopology?
    private var connection: RawConnection?
    private var generation: UInt64 = 0
    private var assembler = ContentAssembler()
    private var deliveries: [AMQPDelivery] = []
    /// Whether anything has come since it last consumed.
    private var hasPlace = false
    private var isQueueGone = false
    private var outcome: Outcome?
    private var observer: CheckedContinuation<Outcome, Never>?

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe core.executor.asUnownedSerialExecutor() }

    init(core: ConsumerCore, queue: String, prefetch: UInt16, topology: AMQPTopology?) {
        self.core = core
        self.queue = queue
        self.prefetch = prefetch
        self.topology = topology
    }

    /// Connects. Blocks the thread, within the timeouts.
    ///
    /// - Returns: whether the queue is missing and will be declared.
    func connect() throws(AMQPError) -> Bool {
        core.guardian.enter()
        defer { core.guardian.leave() }
        let connection = try RawConnection.open(core.configuration, guardian: core.guardian)
        self.connection = connection
        guard let topology, topology.queues.contains(where: { $0.name == queue }) else { return false }
        do throws(AMQPError) {
            _ = try connection.declare(AMQPQueue(name: queue), passive: true)
            return false
        } catch  where error.code == .notFound {
            return true
        }
    }

    /// Declares the topology and starts consuming. Blocks the thread, within the timeouts.
    ///
    /// - Returns: which broker it is.
    func consume() throws(AMQPError) -> AMQPAddress {
        guard let connection else { throw AMQPError(.connectionLost, "not connected") }
        core.guardian.enter()
        defer { core.guardian.leave() }
        if let topology { try connection.declare(topology) }
        try connection.consume(queue: queue, prefetch: prefetch)
        generation = core.connected()
        core.executor.setEventSource(self)
        return connection.address
    }

    /// Closes a connection that was not consumed from.
    func abandon() {
        core.guardian.enter()
        defer { core.guardian.leave() }
        connection?.close()
        connection = nil
    }

    /// Waits for the end of the connection.
    func end() async -> Outcome {
        if let outcome { return outcome }
        return await withCheckedContinuation { observer = $0 }
    }

    nonisolated func turn() -> EventWait {
        assumeIsolated { $0.takeTurn() }
    }

    private func takeTurn() -> EventWait {
        guard let connection else { return EventWait() }
        defer { core.guardian.leave() }
        do throws(AMQPError) {
            while true {
                core.guardian.enter()
                let isAtEnd = try drain(connection)
                for settlement in core.takeSettlements() { try connection.settle(settlement) }
                if core.takeGivingWay() {
                    try connection.cancelConsumer()
                    hasPlace = false
                    try connection.consume(queue: queue, prefetch: prefetch)
                    // What has come in the meantime waits in the library.
                    continue
                }
                if core.isFinished {
                    finish(.finished)
                    return EventWait()
                }
                if isAtEnd { return EventWait(readable: connection.descriptor, timeout: connection.heartbeatWait) }
            }
        } catch {
            finish(.lost(error))
            return EventWait()
        }
    }

    /// Reads what has arrived, but not without end: answers have to be sent in between. Returns whether that was all.
    private func drain(_ connection: RawConnection) throws(AMQPError) -> Bool {
        var closing: AMQPError?
        var isAtEnd = false
        do throws(AMQPError) {
            while closing == nil, !isAtEnd, deliveries.count < 256 {
                guard let frame = try connection.nextFrame() else {
                    isAtEnd = true
                    break
                }
                switch frame {
                case .deliver(let tag, let redelivered, let exchange, let routingKey, let isToPresent):
                    hasPlace = hasPlace || isToPresent
                    assembler.start(
                        .delivery(
                            AMQPDelivery.Tag(generation: generation, number: tag), redelivered: redelivered,
                            exchange: exchange, routingKey: routingKey))
                case .header, .body:
                    if case .delivery(let delivery)? = try assembler.add(frame) { deliveries.append(delivery) }
                case .cancelled:
                    isQueueGone = true
                    closing = AMQPError(.notFound, "the broker cancelled the consumer: the queue is gone")
                case .channelClosed(let error), .connectionClosed(let error):
                    closing = error
                case .confirm, .returned, .blocked, .unblocked, .other:
                    break
                }
            }
        } catch {
            closing = error
        }
        if !deliveries.isEmpty {
            defer { deliveries.removeAll(keepingCapacity: true) }
            try core.delivered(deliveries, hasPlace: hasPlace)
        }
        if let closing { throw closing }
        return isAtEnd
    }

    private func finish(_ outcome: Outcome) {
        self.outcome = outcome
        core.executor.setEventSource(nil)
        if case .lost(let error) = outcome { core.disconnected(error, keepsBuffer: isQueueGone) }
        connection?.close()
        connection = nil
        observer?.resume(returning: outcome)
        observer = nil
    }
}
