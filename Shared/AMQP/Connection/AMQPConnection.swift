// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization
import ThreadExecutor

/// A connection for single requests: declaring and checking topology, looking into queues. An actor on a thread of its
/// own.
///
/// It does not reconnect. A refused request throws, and the connection stays usable; after any other error it is
/// closed.
public actor AMQPConnection {
    let configuration: AMQPConfiguration
    private let executor: ThreadExecutor
    let watch: GuardWatch
    private var connection: RawConnection?
    /// Counts channels: a refused request closes one, and its deliveries go back to their queues.
    var generation: UInt64 = 0
    /// The queue that is consumed, if one is.
    var reading: ReadBuffer?

    /// The thread of this connection.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// Connects, passes the connection on, and closes it whatever happens.
    ///
    /// - Throws: what the closure throws, and ``AMQPError`` when connecting fails.
    public static func withConnection<Value: Sendable>(
        _ configuration: AMQPConfiguration, _ body: (AMQPConnection) async throws -> Value
    ) async throws -> Value {
        let connection = AMQPConnection(configuration)
        try await connection.open()
        do {
            let value = try await body(connection)
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw error
        }
    }

    private init(_ configuration: AMQPConfiguration) {
        self.configuration = configuration
        executor = ThreadExecutor(name: "amqp-connection")
        watch = GuardWatch(SocketGuard(configuration))
    }

    private func open() throws(AMQPError) {
        Watchdog.shared.add(watch)
        watch.guardian.enter()
        defer { watch.guardian.leave() }
        do {
            connection = try RawConnection.open(configuration, guardian: watch.guardian)
        } catch {
            Watchdog.shared.remove(watch)
            throw error
        }
        generation = 1
        // For the heartbeats.
        executor.setEventSource(Turns(self))
    }

    private func close() {
        executor.setEventSource(nil)
        watch.guardian.enter()
        connection?.close()
        connection = nil
        watch.guardian.leave()
        Watchdog.shared.remove(watch)
    }

    fileprivate func takeTurn() -> EventWait {
        guard let connection else { return EventWait() }
        watch.guardian.enter()
        defer { watch.guardian.leave() }
        do throws(AMQPError) {
            // With a full buffer just one, for the heartbeats: the rest waits in the socket, which holds the broker back.
            var isFirst = true
            while isFirst || !isReadingFull, let frame = try connection.nextFrame() {
                try take(frame)
                isFirst = false
            }
        } catch {
            ended(error, connection)
            if self.connection == nil { return EventWait() }
        }
        return EventWait(
            readable: isReadingFull ? nil : connection.descriptor, timeout: connection.heartbeatWait)
    }

    var isReadingFull: Bool { reading?.isFull ?? false }

    func take(_ frame: Frame) throws(AMQPError) {
        if case .connectionClosed(let error) = frame { throw error }
        if case .channelClosed(let error) = frame { throw error }
        do throws(AMQPError) {
            try reading?.add(frame, generation: generation)
        } catch {
            reading?.end(error)
            throw error
        }
    }

    /// Takes note of an error: of the end of the connection, or of the channel alone.
    private func ended(_ error: AMQPError, _ connection: RawConnection) {
        if connection.isBroken {
            executor.setEventSource(nil)
            self.connection = nil
        } else if !connection.isChannelOpen {
            // The next channel counts its deliveries from 1 again.
            generation += 1
        } else {
            return
        }
        reading?.end(error)
    }

    func request<Value>(_ body: (RawConnection) throws(AMQPError) -> Value) throws(AMQPError) -> Value {
        guard let connection else { throw AMQPError(.connectionLost, "the connection is closed") }
        watch.guardian.enter()
        defer { watch.guardian.leave() }
        do {
            return try body(connection)
        } catch {
            ended(error, connection)
            throw error
        }
    }

    // MARK: Declaring

    /// Declares exchanges, queues and bindings; what exists already must be equal.
    ///
    /// - Throws: `preconditionFailed` when something exists with other properties, `accessRefused`, `resourceLocked`,
    ///   `notFound` for a binding's ends.
    public func declare(_ topology: AMQPTopology) throws(AMQPError) {
        try request { connection throws(AMQPError) in try connection.declare(topology) }
    }

    /// Declares an exchange.
    ///
    /// - Throws: as ``declare(_:)-(AMQPTopology)``.
    public func declare(_ exchange: AMQPExchange) throws(AMQPError) {
        try request { connection throws(AMQPError) in try connection.declare(exchange, passive: false) }
    }

    /// Declares a queue.
    ///
    /// - Throws: as ``declare(_:)-(AMQPTopology)``.
    @discardableResult
    public func declare(_ queue: AMQPQueue) throws(AMQPError) -> AMQPQueueState {
        try request { connection throws(AMQPError) in try connection.declare(queue, passive: false) }
    }

    /// Declares a binding.
    ///
    /// - Throws: `notFound` when one of its ends does not exist, `accessRefused`.
    public func declare(_ binding: AMQPBinding) throws(AMQPError) {
        try request { connection throws(AMQPError) in try connection.declare(binding) }
    }

    /// Removes a binding; one that does not exist is no error.
    ///
    /// - Throws: `accessRefused`, and `notFound` when an end does not exist.
    public func remove(_ binding: AMQPBinding) throws(AMQPError) {
        try request { connection throws(AMQPError) in try connection.remove(binding) }
    }

    // MARK: Checking

    /// Checks that an exchange of this name exists, and changes nothing. AMQP does not compare its properties.
    ///
    /// - Throws: `notFound`.
    public func checkExchange(_ name: String) throws(AMQPError) {
        let exchange = AMQPExchange(name: name, kind: .direct)
        try request { connection throws(AMQPError) in try connection.declare(exchange, passive: true) }
    }

    /// Looks at a queue, and changes nothing.
    ///
    /// - Throws: `notFound`; `resourceLocked` for another connection's exclusive queue.
    public func checkQueue(_ name: String) throws(AMQPError) -> AMQPQueueState {
        try request { connection throws(AMQPError) in try connection.declare(AMQPQueue(name: name), passive: true) }
    }

    // MARK: Removing

    /// Deletes an exchange; one that does not exist is no error.
    ///
    /// - Throws: `accessRefused`.
    public func deleteExchange(_ name: String) throws(AMQPError) {
        try request { connection throws(AMQPError) in try connection.deleteExchange(name) }
    }

    /// Deletes a queue with its messages; one that does not exist is no error.
    ///
    /// - Returns: the number of messages deleted with it; 0 for quorum queues.
    /// - Throws: `accessRefused`, `resourceLocked`.
    @discardableResult
    public func deleteQueue(_ name: String) throws(AMQPError) -> Int {
        try request { connection throws(AMQPError) in try connection.deleteQueue(name) }
    }

    /// Removes the messages of a queue that are ready for delivery.
    ///
    /// - Returns: their number.
    /// - Throws: `notFound`, `accessRefused`.
    @discardableResult
    public func purge(queue name: String) throws(AMQPError) -> Int {
        try request { connection throws(AMQPError) in try connection.purge(name) }
    }
}

/// Serves the connection's heartbeats while no request does. Does not keep the connection alive.
private final class Turns: EventSource {
    private weak let connection: AMQPConnection?

    init(_ connection: AMQPConnection) { self.connection = connection }

    func turn() -> EventWait { connection?.assumeIsolated { $0.takeTurn() } ?? EventWait() }
}

/// Lets the watchdog look after a connection that has no other deadlines.
final class GuardWatch: Watched {
    let guardian: SocketGuard

    init(_ guardian: SocketGuard) { self.guardian = guardian }

    func check(now: ContinuousClock.Instant) -> ContinuousClock.Instant { guardian.check(now: now) }
}
