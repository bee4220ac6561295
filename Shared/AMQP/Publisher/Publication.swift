// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A message that was checked. One object, so that queues move a reference and not the message.
final class Publication: Sendable {
    /// The message, with an identifier.
    let message: AMQPMessage
    /// The bytes of the header frame.
    let headerSize: Int

    /// - Throws: ``AMQPError/Code/invalidArgument`` for what the broker would close the connection over, to the harm of
    ///   all others.
    init(_ message: AMQPMessage) throws(AMQPError) {
        var message = message
        if message.properties.messageID == nil { message.properties.messageID = Self.randomID() }
        guard message.exchange.utf8.count <= 255, message.routingKey.utf8.count <= 255 else {
            throw AMQPError(.invalidArgument, "the exchange or the routing key has more than 255 bytes")
        }
        // Frame header and end (8), class, weight and body size (12); AMQP 0-9-1 §2.3.5.2.
        headerSize = 20 + (try message.properties.encodedSize())
        guard headerSize <= Self.headerMaximum else {
            throw AMQPError(.invalidArgument, "the properties need more than one frame")
        }
        self.message = message
    }

    /// What it counts for in the window.
    var size: Int { message.body.count + headerSize }

    /// The largest frame that the publisher agrees to.
    private static let headerMaximum = 131_072

    /// 128 random bits. Only a message without an identifier of its own needs one.
    private static func randomID() -> String {
        func hex() -> String {
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return hex() + hex()
    }
}
