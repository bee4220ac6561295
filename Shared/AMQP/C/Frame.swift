// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a broker sends on an open connection, copied out of the library's memory.
enum Frame {
    /// `basic.ack` and `basic.nack` from the broker: the answer to a publish.
    case confirm(tag: UInt64, multiple: Bool, taken: Bool)
    /// `basic.return`, whose header and body follow.
    case returned(replyCode: Int)
    /// `basic.deliver`, whose header and body follow; whether it is to the consumer that there is now, not one before it.
    case deliver(tag: UInt64, redelivered: Bool, exchange: String, routingKey: String, isToPresent: Bool)
    case header(AMQPProperties, hasOmittedHeaders: Bool, bodySize: UInt64)
    case body([UInt8])
    /// `basic.cancel` from the broker: the queue is gone or has moved.
    case cancelled
    case blocked(reason: String)
    case unblocked
    case channelClosed(AMQPError)
    case connectionClosed(AMQPError)
    /// Anything else; nothing that this client asks for.
    case other
}
