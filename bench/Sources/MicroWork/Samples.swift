// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import Essentials
import Users

/// What is worked on: of about the size that the services see.
enum Samples {
    static let time = Timestamp(millisecondsSinceEpoch: 1_772_366_400_000)
    static let id = UUIDv7(at: time)
    static let document = UserDocument(
        id: id.description, version: 1, createdAt: time, updatedAt: time, name: "Ada Lovelace",
        email: "ada@computing.org")
    static let command = Array(#"{"name":"Ada Lovelace","email":"ada@computing.org"}"#.utf8)

    /// The headers of an event's message.
    static let headers: AMQPTable = [
        "cloudEvents_specversion": "1.0",
        "cloudEvents_id": .string(id.description),
        "cloudEvents_source": "/command-api",
        "cloudEvents_type": "user.created",
        "cloudEvents_subject": .string(Users.stream(of: id).name),
        "cloudEvents_time": .string(time.description),
        "cloudEvents_streamversion": .int64(1),
        "cloudEvents_dataschema": "urn:cqrs:schema:user.created:1",
        "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ]
}
