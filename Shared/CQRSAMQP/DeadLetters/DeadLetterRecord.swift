// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP
package import CQRS
public import Essentials

/// A message that was put aside, as an operator sees it: what it is, and why it is here.
///
/// Letters are written by ``AMQPEventSubscription/deadLetter(_:)``, or by the broker itself once a message was delivered
/// too often: such a one has the broker's `x-death` header instead of ours. Nothing in a letter can be relied on: the
/// message may come from anybody.
public struct DeadLetterRecord: Sendable, Equatable {
    /// The message id; for a message without one a name made from its content, which stays the same.
    public let id: String
    /// Why it was put aside: a `MalformedEvent.Reason`, or the broker's reason such as `delivery-limit`.
    public let reason: String?
    /// What was wrong; quotes no data.
    public let error: String?
    /// The category of the failure: a `FailureCategory`.
    public let category: String?
    /// How often its delivery was tried.
    public let attempts: Int64?
    /// How often it was replayed before it got here again.
    public let replays: Int64
    /// When it was put aside.
    public let failedAt: Timestamp?
    /// The queue that it was delivered from.
    public let originQueue: String?
    /// The exchange and the routing key that it was published with.
    public let originExchange: String?
    /// See ``originExchange``.
    public let originRoutingKey: String?
    /// The stream that it names, say `user-0193…`.
    public let stream: String?
    /// Its place in the stream.
    public let version: Int64?
    /// The event type that it names.
    public let type: String?
    /// The message's properties, with all headers.
    public let properties: AMQPProperties
    /// The message's content.
    public let body: [UInt8]

    /// Reads a letter.
    public init(properties: AMQPProperties, body: [UInt8]) {
        let headers = properties.headers ?? [:]
        let attributes = CloudEventAttributes(headers: headers)
        self.properties = properties
        self.body = body
        if let messageID = properties.messageID, !messageID.isEmpty {
            id = messageID
        } else {
            id = "unnamed-" + Fingerprint.text(properties.type, String(decoding: body, as: UTF8.self))
        }
        stream = attributes[.subject]?.string
        version = attributes[.streamVersion]?.integer
        type = attributes[.type]?.string ?? properties.type
        replays = headers[ReplayMessage.replays]?.integer ?? 0
        error = headers[DeadLetterMessage.error]?.string
        category = headers[DeadLetterMessage.category]?.string
        if let reason = headers[DeadLetterMessage.reason]?.string {
            self.reason = reason
            attempts = headers[DeadLetterMessage.attempts]?.integer
            failedAt = headers[DeadLetterMessage.failedAt]?.string.flatMap { Timestamp(rfc3339: $0) }
            originQueue = headers[DeadLetterMessage.originQueue]?.string
            originExchange = headers[DeadLetterMessage.originExchange]?.string
            originRoutingKey = headers[DeadLetterMessage.originRoutingKey]?.string
        } else {
            let death = BrokerDeath(headers)
            reason = death?.reason
            attempts = nil
            failedAt = death?.time
            originQueue = death?.queue
            originExchange = death?.exchange
            originRoutingKey = death?.routingKey
        }
    }
}

extension DeadLetterRecord {
    /// The event that it is, as a consumer would read it again.
    ///
    /// - Throws: ``MalformedEvent`` when it is none.
    package func event() throws(MalformedEvent) -> RecordedEvent {
        try EventMessage.decode(properties: properties, body: body)
    }
}

/// The newest entry of the `x-death` header (RabbitMQ, "Dead Letter Exchanges", "Dead-Lettered Effects on Messages").
private struct BrokerDeath {
    let reason: String?
    let queue: String?
    let exchange: String?
    let routingKey: String?
    let time: Timestamp?

    init?(_ headers: AMQPTable) {
        guard case .array(let deaths)? = headers["x-death"], case .table(let death)? = deaths.first else { return nil }
        reason = death["reason"]?.string?.replacing("_", with: "-")
        queue = death["queue"]?.string
        exchange = death["exchange"]?.string
        if case .array(let keys)? = death["routing-keys"] { routingKey = keys.first?.string } else { routingKey = nil }
        if case .timestamp(let seconds)? = death["time"], let seconds = Int64(exactly: seconds),
            seconds < 1 << 40
        {
            time = Timestamp(millisecondsSinceEpoch: seconds * 1000)
        } else {
            time = nil
        }
    }
}
