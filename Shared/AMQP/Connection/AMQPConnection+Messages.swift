// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

// Looking into queues, message by message.
extension AMQPConnection {
    /// Takes a message from a queue, or `nil` when it has none ready. For looking into queues; slow for consuming.
    ///
    /// The message returns to its queue unless it is settled before the connection ends or a request is refused.
    ///
    /// - Throws: `notFound`, `accessRefused`; `invalidArgument` while this connection consumes.
    public func get(queue: String) throws(AMQPError) -> AMQPDelivery? {
        guard reading == nil else { throw AMQPError(.invalidArgument, "this connection consumes") }
        let (generation, patience) = (generation, configuration.rpcTimeout)
        return try request { connection throws(AMQPError) in
            try connection.get(queue: queue, generation: generation, within: patience)
        }
    }

    /// Starts taking the messages of a queue, in its order, for ``nextDeliveries(maximum:within:)``. May be called once.
    ///
    /// With a prefetch for looking into a queue: what is not settled when the connection ends goes back to its place. A
    /// quorum queue counts that as a delivery, so it needs a `delivery-limit` that is never reached. Without one for a queue
    /// that ends with the connection: the broker sends each message once and forgets it.
    ///
    /// - Parameters:
    ///   - queue: the queue.
    ///   - prefetch: how many messages the broker sends without an answer, at least 1; `nil` when none is to be settled.
    /// - Throws: `notFound`, `accessRefused`; `invalidArgument` the second time.
    public func consume(queue: String, prefetch: UInt16?) throws(AMQPError) {
        // The broker takes 0 for "no limit".
        precondition(prefetch != 0, "a consumer without a prefetch limit has no memory limit")
        guard reading == nil else { throw AMQPError(.invalidArgument, "this connection consumes") }
        try request { connection throws(AMQPError) in try connection.consume(queue: queue, prefetch: prefetch) }
        reading = ReadBuffer()
    }

    /// The messages that have arrived since the last call; waits for the first. The connection's thread waits with it.
    ///
    /// - Parameters:
    ///   - maximum: the most to return, at least 1.
    ///   - patience: how long to wait; not ended by cancellation.
    /// - Returns: the deliveries in order; none when no message came in time.
    /// - Throws: why deliveries have ended, such as `connectionLost`, or `notFound` for a queue deleted meanwhile; what was
    ///   not settled is then the broker's again. `invalidArgument` when nothing is consumed.
    public func nextDeliveries(maximum: Int, within patience: Duration) throws(AMQPError) -> [AMQPDelivery] {
        precondition(maximum > 0, "a batch has at least one delivery")
        guard let reading else { throw AMQPError(.invalidArgument, "nothing is consumed") }
        if let error = reading.error { throw error }
        let deadline = ContinuousClock.now + patience
        return try request { connection throws(AMQPError) in
            while true {
                while !isReadingFull, let frame = try connection.nextFrame() { try take(frame) }
                let deliveries = self.reading?.take(maximum) ?? []
                let now = ContinuousClock.now
                guard deliveries.isEmpty, now < deadline else { return deliveries }
                // The wait is none of the broker's doing: its time starts again.
                watch.guardian.enter()
                if let frame = try connection.nextFrame(within: min(deadline - now, .milliseconds(100))) {
                    try take(frame)
                }
            }
        }
    }

    /// Tells the broker that a message taken by ``get(queue:)`` or ``consume(queue:prefetch:)`` is done. Settle each once.
    ///
    /// - Throws: `connectionLost`. A message of an earlier channel is ignored.
    public func acknowledge(_ delivery: AMQPDelivery) throws(AMQPError) {
        try settle(delivery, .acknowledge)
    }

    /// Tells the broker that these messages are done. Settle each once.
    ///
    /// - Throws: `connectionLost`, when some of them may have been settled. Messages of an earlier channel are ignored.
    public func acknowledge(_ deliveries: [AMQPDelivery]) throws(AMQPError) {
        for delivery in deliveries { try settle(delivery, .acknowledge) }
    }

    /// Gives a message back: to its queue, or to be dropped or dead-lettered. Settle each once.
    ///
    /// - Throws: `connectionLost`. A message of an earlier channel is ignored.
    public func reject(_ delivery: AMQPDelivery, requeue: Bool) throws(AMQPError) {
        try settle(delivery, requeue ? .requeue : .discard)
    }

    private func settle(_ delivery: AMQPDelivery, _ outcome: Settlement.Outcome) throws(AMQPError) {
        guard delivery.tag.generation == generation else { return }
        let settlement = Settlement(tag: delivery.tag.number, multiple: false, outcome: outcome)
        try request { connection throws(AMQPError) in try connection.settle(settlement) }
    }
}
