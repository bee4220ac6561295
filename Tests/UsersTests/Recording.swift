// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Users

/// The user that most of these tests are about.
let sampleID = UUIDv7("017f22e2-79b0-7cc3-98c4-dc0c0c07398f") ?? UUIDv7(at: .now())

/// When event number `version` of these tests' streams was recorded: a second after the one before.
func time(of version: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 1_772_366_400_123 + 1000 * version)
}

/// An event with any data in its envelope.
func recorded(
    _ type: String, schema: Int = 1, version: Int64 = 1, user: UUIDv7 = sampleID, data: [UInt8] = []
) -> RecordedEvent {
    RecordedEvent(
        id: UUIDv7(at: time(of: version)), stream: Users.stream(of: user), version: version, type: type, schema: schema,
        recordedAt: time(of: version), data: data, metadata: EventMetadata(correlationID: "test"))
}

/// A user's event in its envelope.
func recorded(_ event: UserEvent, version: Int64, user: UUIDv7 = sampleID) -> RecordedEvent {
    recorded(event.type, schema: event.schema, version: version, user: user, data: event.encoded())
}
