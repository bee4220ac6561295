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

/// A delivery as a consumer gets it.
func delivery(
    stream: Int = 1, version: Int64 = 1, number: UInt64 = 1, edit: (inout AMQPProperties) -> Void = { _ in }
) -> AMQPDelivery {
    let event = RecordedEvent(
        id: uuid(stream * 1000 + Int(version)), stream: StreamID(category: "user", id: uuid(stream)), version: version,
        type: "user.updated", schema: 1, recordedAt: Timestamp(millisecondsSinceEpoch: 1_772_366_400_123),
        data: Array(#"{"name":"Ada"}"#.utf8), metadata: EventMetadata(correlationID: "request-17"))
    let message = EventMessage.encode(event, application: "command-api")
    var properties = message.properties
    edit(&properties)
    return AMQPDelivery(
        tag: AMQPDelivery.Tag(generation: 1, number: number), exchange: "domain_events", routingKey: event.type,
        redelivered: false, properties: properties, hasOmittedHeaders: false, body: message.body)
}

/// The letter that the consumer makes of a delivery.
func letter(
    of delivery: AMQPDelivery, from queue: String = "users.projection", reason: MalformedEvent.Reason = .invalidData
) -> DeadLetterRecord {
    let message = DeadLetterMessage.encode(
        delivery, cause: MalformedEvent(reason, "name"), queue: queue,
        failedAt: Timestamp(millisecondsSinceEpoch: 1_772_366_401_000))
    return DeadLetterRecord(properties: message.properties, body: message.body)
}
