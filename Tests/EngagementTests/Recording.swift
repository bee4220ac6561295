// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Engagement
import Essentials
import Testing

/// What most of these tests are about.
let subject = Subject(animeID: 1, userID: "user123")

/// When event number `version` of these tests' streams was recorded: a second after the one before.
func time(of version: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 1_772_366_400_123 + 1000 * version)
}

/// An event with any data in its envelope.
func recorded(_ type: String, schema: Int = 1, data: [UInt8] = []) -> RecordedEvent {
    RecordedEvent(
        id: UUIDv7(at: time(of: 1)), stream: Engagement.stream(of: subject), version: 1, type: type, schema: schema,
        recordedAt: time(of: 1), data: data, metadata: EventMetadata(correlationID: "test"))
}

/// An event in its envelope.
func recorded(
    _ event: EngagementEvent, version: Int64, at time: Timestamp? = nil, in stream: StreamID
) -> RecordedEvent {
    let time = time ?? EngagementTests.time(of: version)
    return RecordedEvent(
        id: UUIDv7(at: time), stream: stream, version: version, type: event.type, schema: event.schema,
        recordedAt: time, data: event.encoded(), metadata: EventMetadata(correlationID: "test"))
}

/// The document after events in order, from version 1 on.
func document(after events: [(EngagementEvent, at: Timestamp)]) throws -> EngagementDocument {
    var document: EngagementDocument?
    for (index, (event, time)) in events.enumerated() {
        let recorded = recorded(event, version: Int64(index) + 1, at: time, in: Engagement.stream(of: event.subject))
        document = try EngagementProjection.evolve(document, event, recorded)
    }
    return try #require(document)
}
