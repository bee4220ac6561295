// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials

@testable import AMQP
@testable import CQRSAMQP

/// An identifier that is the same in every run.
func uuid(_ number: Int) -> UUIDv7 {
    let digits = String(number, radix: 16)
    let text = "017f22e2-79b0-7cc3-98c4-" + String(repeating: "0", count: 12 - digits.count) + digits
    return UUIDv7(text) ?? UUIDv7(at: .now())
}

/// The name of a stream that is the same in every run.
func stream(_ number: Int) -> String { "user-\(uuid(number))" }

/// The id of a stream's event.
func eventID(_ stream: Int, _ version: Int64) -> String { uuid(stream * 1000 + Int(version)).description }

/// An event's message, as it was published.
func eventMessage(_ stream: Int, _ version: Int64) -> AMQPMessage {
    EventMessage.encode(
        RecordedEvent(
            id: uuid(stream * 1000 + Int(version)), stream: StreamID(category: "user", id: uuid(stream)),
            version: version, type: "user.updated", schema: 1,
            recordedAt: Timestamp(millisecondsSinceEpoch: 1_772_366_400_123),
            data: Array(#"{"name":"Ada Löve","email":"ada@computing.org"}"#.utf8),
            metadata: EventMetadata(correlationID: "request-17")), application: "command-api")
}

/// The letter that a consumer makes of a message.
func letterMessage(
    _ message: AMQPMessage, _ reason: MalformedEvent.Reason = .invalidData, from queue: String = "users.projection"
) -> AMQPMessage {
    let delivery = AMQPDelivery(
        tag: AMQPDelivery.Tag(generation: 1, number: 1), exchange: message.exchange, routingKey: message.routingKey,
        redelivered: false, properties: message.properties, hasOmittedHeaders: false, body: message.body)
    var letter = DeadLetterMessage.encode(
        delivery, cause: MalformedEvent(reason, "name"), queue: queue,
        failedAt: Timestamp(millisecondsSinceEpoch: 1_772_366_401_000))
    letter.routingKey = "users.projection.dead"
    return letter
}

/// The letter of a stream's event.
func letterMessage(
    _ stream: Int, _ version: Int64, _ reason: MalformedEvent.Reason = .invalidData,
    from queue: String = "users.projection"
) -> AMQPMessage {
    letterMessage(eventMessage(stream, version), reason, from: queue)
}

/// The same as it is read.
func record(
    _ stream: Int, _ version: Int64, _ reason: MalformedEvent.Reason = .invalidData
) -> DeadLetterRecord {
    let message = letterMessage(stream, version, reason)
    return DeadLetterRecord(properties: message.properties, body: message.body)
}
