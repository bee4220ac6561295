// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Inventory

/// The item or list that most of these tests are about.
let sampleID = uuid(1)

/// The identifier number `number` of these tests, in this order.
func uuid(_ number: Int) -> UUIDv7 {
    let digits = String(number, radix: 16)
    let text = "017f22e2-79b0-7cc3-98c4-" + String(repeating: "0", count: 12 - digits.count) + digits
    return UUIDv7(text) ?? UUIDv7(at: .now())
}

/// When event number `version` of these tests' streams was recorded: a second after the one before.
func time(of version: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 1_772_366_400_123 + 1000 * version)
}

/// An event with any data in its envelope.
func recorded(
    _ type: String, schema: Int = 1, version: Int64 = 1, stream: StreamID = Items.stream(of: sampleID),
    data: [UInt8] = []
) -> RecordedEvent {
    RecordedEvent(
        id: UUIDv7(at: time(of: version)), stream: stream, version: version, type: type, schema: schema,
        recordedAt: time(of: version), data: data, metadata: EventMetadata(correlationID: "test"))
}

/// An event in its envelope.
func recorded(_ event: some DomainEvent, version: Int64, stream: StreamID) -> RecordedEvent {
    recorded(event.type, schema: event.schema, version: version, stream: stream, data: event.encoded())
}

extension Projection {
    /// The document after events in order, from version 1 on.
    static func document(after events: [Event], stream: StreamID) throws -> Document? {
        var document: Document?
        for (index, event) in events.enumerated() {
            document = try evolve(document, event, recorded(event, version: Int64(index) + 1, stream: stream))
        }
        return document
    }

    /// What the last of some events is refused with, after the others were applied.
    static func refusal(ofLast events: [Event], stream: StreamID) throws -> MalformedEvent.Reason? {
        let before = try document(after: events.dropLast(), stream: stream)
        guard let last = events.last else { return nil }
        do throws(MalformedEvent) {
            _ = try evolve(before, last, recorded(last, version: Int64(events.count), stream: stream))
            return nil
        } catch {
            return error.reason
        }
    }
}
