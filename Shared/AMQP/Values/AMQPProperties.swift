// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The properties of a message (AMQP 0-9-1 §1.8.1.1). Texts have at most 255 UTF-8 bytes, which
/// ``AMQPPublisher/publish(_:)-(AMQPMessage)`` checks.
public struct AMQPProperties: Sendable, Hashable {
    /// Whether a message survives a restart of its broker.
    public enum DeliveryMode: UInt8, Sendable, Hashable {
        /// Kept in memory.
        case transient = 1
        /// Written to disk by durable queues.
        case persistent = 2
    }

    /// The media type of the body.
    public var contentType: String?
    /// The content encoding of the body.
    public var contentEncoding: String?
    /// Application headers.
    public var headers: AMQPTable?
    /// Whether the message survives a restart of its broker.
    public var deliveryMode: DeliveryMode?
    /// 0 to 255, for priority queues.
    public var priority: UInt8?
    /// What this message belongs to.
    public var correlationID: String?
    /// The queue for answers.
    public var replyTo: String?
    /// How long the message lives in a queue: milliseconds, in decimal digits.
    public var expiration: String?
    /// Identifies the message. The publisher chooses one when this is `nil`.
    public var messageID: String?
    /// Seconds since 1970-01-01 UTC.
    public var timestamp: UInt64?
    /// The application's type of the message.
    public var type: String?
    /// Must be the user of the connection, when set.
    public var userID: String?
    /// The application that made the message.
    public var appID: String?

    /// Properties with the given values; whatever is `nil` is not sent.
    public init(
        contentType: String? = nil, contentEncoding: String? = nil, headers: AMQPTable? = nil,
        deliveryMode: DeliveryMode? = nil, priority: UInt8? = nil, correlationID: String? = nil, replyTo: String? = nil,
        expiration: String? = nil, messageID: String? = nil, timestamp: UInt64? = nil, type: String? = nil,
        userID: String? = nil, appID: String? = nil
    ) {
        self.contentType = contentType
        self.contentEncoding = contentEncoding
        self.headers = headers
        self.deliveryMode = deliveryMode
        self.priority = priority
        self.correlationID = correlationID
        self.replyTo = replyTo
        self.expiration = expiration
        self.messageID = messageID
        self.timestamp = timestamp
        self.type = type
        self.userID = userID
        self.appID = appID
    }
}

extension AMQPProperties {
    private var texts: [String?] {
        [contentType, contentEncoding, correlationID, replyTo, expiration, messageID, type, userID, appID]
    }

    /// The number of bytes of the property list on the wire, with its flags.
    ///
    /// - Throws: ``AMQPError/Code/invalidArgument`` when a text or the headers break a limit.
    func encodedSize() throws(AMQPError) -> Int {
        var size = 2 + (deliveryMode == nil ? 0 : 1) + (priority == nil ? 0 : 1) + (timestamp == nil ? 0 : 8)
        for case let text? in texts {
            let bytes = text.utf8.count
            guard bytes <= 255 else { throw AMQPError(.invalidArgument, "a property has more than 255 bytes") }
            size += 1 + bytes
        }
        if let expiration {
            // The broker closes the channel over anything else, which would hold up the messages of others.
            let digits = expiration.utf8
            guard !digits.isEmpty, digits.count <= 10, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw AMQPError(.invalidArgument, "the expiration is not a number of milliseconds")
            }
        }
        if let headers { size += try headers.encodedSize() }
        return size
    }
}
