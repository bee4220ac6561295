// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP

/// The queue of letters that were put aside, for an operator to look through, replay and discard.
///
/// AMQP has no way to look without taking. Letters are therefore taken like deliveries and never answered: when the
/// reader's connection ends, the broker puts them back in their old order (`rabbit_fifo:return_all` sorts them, while
/// `basic.nack` of many does not in RabbitMQ 3.10). It counts that as a delivery, which the policy of these queues
/// allows for (``EventTopology/policies(of:)``). While somebody looks nobody else sees the letters, and two who look at
/// the same time may change their order.
public struct DeadLetterQueue: Sendable {
    /// The most letters that one reader takes: AMQP's largest prefetch count.
    public static let readLimit = Int(UInt16.max)

    /// The queue's name.
    public let name: String
    private let configuration: AMQPConfiguration
    /// A connection that consumes nothing: it counts, and waits for what the other one has removed.
    private let control: AMQPConnection

    /// Connects, passes the queue on, and disconnects whatever happens.
    ///
    /// - Parameters:
    ///   - name: the queue's name, such as `users.projection.dead`.
    ///   - configuration: where the broker is. The user needs the right to read the queue.
    /// - Throws: what the closure throws, and `AMQPError` when connecting fails.
    public static func withQueue<Value: Sendable>(
        _ name: String, _ configuration: AMQPConfiguration, _ body: (DeadLetterQueue) async throws -> Value
    ) async throws -> Value {
        try await AMQPConnection.withConnection(configuration) { control in
            try await body(DeadLetterQueue(name: name, configuration: configuration, control: control))
        }
    }

    /// The letters that are ready, and how many others are reading the queue now.
    ///
    /// - Throws: `AMQPError`, `notFound` for a missing queue.
    public func state() async throws -> AMQPQueueState { try await control.checkQueue(name) }

    /// Passes a reader on, and returns once what it did not remove is back in the queue.
    ///
    /// - Parameter limit: the most letters that are taken, from the first on, 1 to ``readLimit``: nobody else sees them
    ///   meanwhile, and all may be in memory at once.
    /// - Throws: what the closure throws, and `AMQPError`, `notFound` for a missing queue. The letters go back all the
    ///   same.
    public func read<Value: Sendable>(
        atMost limit: Int = readLimit, _ body: (inout DeadLetterReader) async throws -> Value
    ) async throws -> Value {
        let ready = try await control.checkQueue(name).messages
        let total = min(ready, limit, Self.readLimit)
        guard total > 0 else {
            var reader = DeadLetterReader(nil, control: control, queue: name, total: 0, beyondLimit: 0)
            return try await body(&reader)
        }
        let (value, removed) = try await AMQPConnection.withConnection(configuration) { connection in
            try await connection.consume(queue: name, prefetch: UInt16(total))
            var reader = DeadLetterReader(
                connection, control: control, queue: name, total: total, beyondLimit: ready - total)
            let value = try await body(&reader)
            return (value, reader.removed)
        }
        try await wait(untilReady: ready - removed)
        return value
    }

    /// The broker puts letters back when it notices the end of the connection, and tells nobody. Whoever looks again at
    /// once, the next command of a script, shall find them.
    private func wait(untilReady count: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(5)
        while try await control.checkQueue(name).messages < count, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
