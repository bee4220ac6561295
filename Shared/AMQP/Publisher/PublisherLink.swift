// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ThreadExecutor

/// One connection of a publisher: an actor on the connection's own thread, which is also its event loop.
actor PublisherLink: EventSource {
    enum Outcome {
        /// The publisher was stopped, and everybody has their answer.
        case finished
        /// The connection is gone.
        case lost(AMQPError)
        /// The broker closed the channel over a message; the connection itself was well.
        case rejected(AMQPError)
    }

    private let core: PublisherCore
    private let topology: AMQPTopology?
    private var connection: RawConnection?
    private var assembler = ContentAssembler()
    private var events: [PublisherCore.Queue.Event] = []
    private var outcome: Outcome?
    private var observer: CheckedContinuation<Outcome, Never>?

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe core.executor.asUnownedSerialExecutor() }

    init(core: PublisherCore, topology: AMQPTopology?) {
        self.core = core
        self.topology = topology
    }

    /// Connects and starts publishing. Blocks the thread, within the timeouts.
    ///
    /// - Returns: which broker it is.
    func open() throws(AMQPError) -> AMQPAddress {
        core.guardian.enter()
        defer { core.guardian.leave() }
        let connection = try RawConnection.open(core.configuration, guardian: core.guardian)
        if let topology { try connection.declare(topology) }
        try connection.selectConfirms()
        self.connection = connection
        core.connected(frameMaximum: connection.frameMaximum)
        core.executor.setEventSource(self)
        return connection.address
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
                // Anew for each batch: under load a turn lasts as long as the load.
                core.guardian.enter()
                try drain(connection)
                if core.isFinished {
                    finish(.finished)
                    return EventWait()
                }
                guard core.prepareBatch() else { break }
                guard connection.isWritable else {
                    let descriptor = connection.descriptor
                    return EventWait(readable: descriptor, writable: descriptor, timeout: connection.heartbeatWait)
                }
                try connection.publish(core.nextBatch())
            }
            return EventWait(readable: connection.descriptor, timeout: connection.heartbeatWait)
        } catch {
            finish(outcome ?? .lost(error))
            return EventWait()
        }
    }

    private func drain(_ connection: RawConnection) throws(AMQPError) {
        var closing: AMQPError?
        do throws(AMQPError) {
            while closing == nil, let frame = try connection.nextFrame() {
                switch frame {
                case .confirm(let tag, let multiple, let taken):
                    events.append(.confirm(tag: tag, multiple: multiple, taken: taken))
                case .returned(let replyCode):
                    assembler.start(.returned(replyCode: replyCode))
                case .header, .body:
                    if case .returned(let messageID, let replyCode)? = try assembler.add(frame) {
                        events.append(.returned(messageID: messageID, replyCode: replyCode))
                    }
                case .blocked(let reason):
                    events.append(.blocked(reason: reason))
                case .unblocked:
                    events.append(.unblocked)
                case .channelClosed(let error):
                    outcome = .rejected(error)
                    closing = error
                case .connectionClosed(let error):
                    closing = error
                case .deliver, .cancelled, .other:
                    break
                }
            }
        } catch {
            closing = error
        }
        // What was confirmed before the end is confirmed.
        if !events.isEmpty {
            defer { events.removeAll(keepingCapacity: true) }
            try core.apply(events)
        }
        if let closing { throw closing }
    }

    private func finish(_ outcome: Outcome) {
        self.outcome = outcome
        core.executor.setEventSource(nil)
        switch outcome {
        case .finished:
            connection?.close()
        case .rejected(let error):
            connection?.close()
            core.channelClosed(error)
        case .lost(let error):
            core.disconnected(error)
        }
        connection = nil
        observer?.resume(returning: outcome)
        observer = nil
    }
}
