// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule

/// What a connection has read of the queue it consumes and not yet handed out.
struct ReadBuffer {
    /// How many bytes of bodies it takes before the rest has to wait in the socket. One message may go beyond.
    static let byteLimit = 4 << 20

    private var assembler = ContentAssembler()
    private var deliveries: Deque<AMQPDelivery> = []
    private var bytes = 0
    /// Why nothing more will come.
    private(set) var error: AMQPError?

    /// Whether more should wait.
    var isFull: Bool { bytes >= Self.byteLimit }

    /// Adds a frame.
    ///
    /// - Parameter generation: of the channel that it came on.
    /// - Throws: `notFound` when the frame says that the queue is gone, `protocolViolation`.
    mutating func add(_ frame: Frame, generation: UInt64) throws(AMQPError) {
        guard error == nil else { return }
        switch frame {
        case .deliver(let tag, let redelivered, let exchange, let routingKey, _):
            assembler.start(
                .delivery(
                    AMQPDelivery.Tag(generation: generation, number: tag), redelivered: redelivered, exchange: exchange,
                    routingKey: routingKey))
        case .header, .body:
            guard case .delivery(let delivery)? = try assembler.add(frame) else { return }
            deliveries.append(delivery)
            bytes += delivery.body.count
        case .cancelled:
            throw AMQPError(.notFound, "the broker cancelled the consumer: the queue is gone")
        default:
            break
        }
    }

    /// Takes up to this many.
    mutating func take(_ maximum: Int) -> [AMQPDelivery] {
        let count = min(maximum, deliveries.count)
        let taken = Array(deliveries.prefix(count))
        deliveries.removeFirst(count)
        for delivery in taken { bytes -= delivery.body.count }
        return taken
    }

    /// Nothing more will come; of several reasons the first counts. What was not handed out is the broker's again.
    mutating func end(_ error: AMQPError) {
        guard self.error == nil else { return }
        self.error = error
        deliveries = []
        bytes = 0
    }
}
