// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Puts messages together from the frames that they arrive in: a method, a header, and bodies until the size is
/// reached.
struct ContentAssembler {
    /// What the method frame said.
    enum Start {
        case delivery(AMQPDelivery.Tag, redelivered: Bool, exchange: String, routingKey: String)
        case returned(replyCode: Int)
    }

    /// A whole message.
    enum Content {
        case delivery(AMQPDelivery)
        case returned(messageID: String?, replyCode: Int)
    }

    private struct Header {
        let properties: AMQPProperties
        let hasOmittedHeaders: Bool
        let bodySize: UInt64
    }

    private var start: Start?
    private var header: Header?
    private var body: [UInt8] = []

    mutating func start(_ start: Start) {
        self.start = start
        header = nil
        body = []
    }

    /// Adds a frame; returns the message that it completes.
    ///
    /// - Throws: ``AMQPError/Code/protocolViolation`` when the frame is not the one that must follow.
    mutating func add(_ frame: Frame) throws(AMQPError) -> Content? {
        switch frame {
        case .header(let properties, let hasOmittedHeaders, let bodySize):
            guard start != nil, header == nil else { throw Self.violation }
            header = Header(properties: properties, hasOmittedHeaders: hasOmittedHeaders, bodySize: bodySize)
            return finish(bodySize)
        case .body(let bytes):
            guard let header, UInt64(body.count + bytes.count) <= header.bodySize else { throw Self.violation }
            // A body in one frame, the usual case, is not copied again.
            if body.isEmpty { body = bytes } else { body += bytes }
            return finish(header.bodySize)
        default:
            return nil
        }
    }

    private mutating func finish(_ bodySize: UInt64) -> Content? {
        guard UInt64(body.count) == bodySize, let start, let header else { return nil }
        defer {
            self.start = nil
            self.header = nil
            body = []
        }
        switch start {
        case .delivery(let tag, let redelivered, let exchange, let routingKey):
            return .delivery(
                AMQPDelivery(
                    tag: tag, exchange: exchange, routingKey: routingKey, redelivered: redelivered,
                    properties: header.properties, hasOmittedHeaders: header.hasOmittedHeaders, body: body))
        case .returned(let replyCode):
            return .returned(messageID: header.properties.messageID, replyCode: replyCode)
        }
    }

    private static let violation = AMQPError(.protocolViolation, "frames of a message out of order")
}
