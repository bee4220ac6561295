// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP

/// Takes the letters of a queue one batch after the other. What is not removed goes back to its place at the end.
public struct DeadLetterReader: Sendable {
    /// How many letters this reader is to take.
    public let total: Int
    /// How many more were in the queue, beyond what it may take.
    public let beyondLimit: Int
    /// How many it has taken.
    public private(set) var seen = 0
    /// How many of these were removed.
    public private(set) var removed = 0

    private let queue: String
    /// `nil` when there is nothing to take.
    private let connection: AMQPConnection?
    /// Another one, which consumes nothing.
    private let control: AMQPConnection
    /// The most acknowledgements that are under way inside the broker; see ``remove(_:)``.
    private static let window = 10

    init(_ connection: AMQPConnection?, control: AMQPConnection, queue: String, total: Int, beyondLimit: Int) {
        self.connection = connection
        self.control = control
        self.queue = queue
        self.total = total
        self.beyondLimit = beyondLimit
    }

    /// The next letters, in the order of the queue.
    ///
    /// - Returns: none at the end. That is before ``total`` when somebody else takes letters as well.
    public mutating func next() async throws -> [HeldLetter] {
        guard let connection else { return [] }
        let start = ContinuousClock.now
        while seen < total {
            let deliveries = try await connection.nextDeliveries(
                maximum: min(500, total - seen), within: .milliseconds(500))
            if !deliveries.isEmpty {
                seen += deliveries.count
                return deliveries.map { delivery in
                    HeldLetter(
                        record: DeadLetterRecord(properties: delivery.properties, body: delivery.body),
                        delivery: delivery)
                }
            }
            // A quorum queue hands many letters out at once, and reads them from its log before the first is sent. Another
            // reader beside an empty queue has the rest.
            let state = try await connection.checkQueue(queue)
            let isElsewhere = state.messages == 0 && state.consumers > 1
            guard ContinuousClock.now - start < (isElsewhere ? .seconds(2) : .seconds(30)) else { break }
        }
        return []
    }

    /// Removes letters from the queue. When this throws, some may still be there.
    ///
    /// A channel hands no more than 32 acknowledgements at a time to a quorum queue (`quorum_commands_soft_limit`). It
    /// stashes those after them until the queue has applied these, and forgets them when its connection ends
    /// (`rabbit_fifo_client:settle`): letters would come back. So a few go at a time, and each few are waited for.
    public mutating func remove(_ letters: [HeldLetter]) async throws {
        guard let connection else { return }
        for start in stride(from: 0, to: letters.count, by: Self.window) {
            let some = letters[start..<min(start + Self.window, letters.count)]
            try await connection.acknowledge(some.map(\.delivery))
            // Acknowledgements have no answer, but a request behind them has: by then the queue has them …
            _ = try await connection.checkQueue(queue)
            // … and has applied them before it answers the next entry of its log, which a look at the ready ones is.
            if let other = try await control.get(queue: queue) { try await control.reject(other, requeue: true) }
            removed += some.count
        }
    }
}
