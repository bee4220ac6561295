// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Testing
import Users

/// Samples of every event version there ever was. What is stored and sent must be readable for ever: a change here is
/// a break of the wire contract.
private let samples: [(type: String, schema: Int, data: String, event: UserEvent)] = [
    (
        "user.created", 1,
        #"{"id":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f","name":"Ada Lovelace","email":"Ada@Computing.org"}"#,
        .created(UserCreated(id: sampleID, name: "Ada Lovelace", email: "Ada@Computing.org"))
    )
]

private let sampleID = UUIDv7("017f22e2-79b0-7cc3-98c4-dc0c0c07398f") ?? UUIDv7(at: .now())

private func recorded(type: String, schema: Int = 1, data: String, id: UUIDv7 = sampleID) -> RecordedEvent {
    RecordedEvent(
        id: UUIDv7(at: .now()), stream: Users.stream(of: id), version: 1, type: type, schema: schema,
        recordedAt: Timestamp(millisecondsSinceEpoch: 1_772_366_400_123), data: Array(data.utf8),
        metadata: EventMetadata(correlationID: "test"))
}

@Suite("A user event")
struct UserEventTests {
    @Test("of every version that was ever written can be read", arguments: samples.indices)
    func samplesDecode(index: Int) throws {
        let sample = samples[index]
        #expect(
            try UserEvent.decode(recorded(type: sample.type, schema: sample.schema, data: sample.data)) == sample.event)
    }

    @Test("is written as its latest sample says, byte for byte")
    func encoding() throws {
        for type in Set(samples.map(\.type)) {
            let latest = try #require(samples.filter { $0.type == type }.max { $0.schema < $1.schema })
            #expect(String(decoding: latest.event.encoded(), as: UTF8.self) == latest.data)
            #expect(latest.event.type == latest.type)
            #expect(latest.event.schema == latest.schema)
        }
    }

    @Test("with members of a later program is read all the same")
    func tolerance() throws {
        let data = #"{"id":"\#(sampleID)","name":"Ada","email":"a@b.org","nick":"A","n":[1]}"#
        #expect(
            try UserEvent.decode(recorded(type: "user.created", data: data))
                == .created(UserCreated(id: sampleID, name: "Ada", email: "a@b.org")))
    }

    @Test(
        "that cannot be understood says why, and quotes nothing",
        arguments: [
            ("user.exploded", 1, "{}", .unknownType), ("user.created", 2, "{}", .unknownSchema),
            ("user.created", 1, "", .invalidData), ("user.created", 1, "[]", .invalidData),
            ("user.created", 1, #"{"id":"secret","name":"secret","email":"secret"}"#, .invalidData),
            (
                "user.created", 1, #"{"id":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f","name":7,"email":"secret"}"#,
                .invalidData
            ),
            ("user.created", 1, #"{"id":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f","name":"secret"}"#, .invalidData),
        ] as [(String, Int, String, MalformedEvent.Reason)])
    func malformed(type: String, schema: Int, data: String, reason: MalformedEvent.Reason) throws {
        let error = try #require(
            throws: MalformedEvent.self,
            performing: { try UserEvent.decode(recorded(type: type, schema: schema, data: data)) })
        #expect(error.reason == reason)
        #expect(!"\(error)".contains("secret"))
    }
}

@Suite("The users' projection")
struct UserProjectionTests {
    @Test("makes a document of a registration, found by the address in lower case")
    func created() throws {
        let event = UserEvent.created(UserCreated(id: sampleID, name: "Ada", email: "Ada@Computing.org"))
        let recorded = recorded(type: "user.created", data: "{}")
        #expect(
            try UserProjection.evolve(nil, event, recorded)
                == UserDocument(
                    id: sampleID.description, name: "Ada", email: "Ada@Computing.org", emailKey: "ada@computing.org",
                    version: 1, createdAt: recorded.recordedAt, updatedAt: recorded.recordedAt))
    }

    @Test("refuses an event about another user than its stream's")
    func foreign() throws {
        let event = UserEvent.created(UserCreated(id: UUIDv7(at: .now()), name: "Ada", email: "a@b.org"))
        let error = try #require(throws: MalformedEvent.self) {
            try UserProjection.evolve(nil, event, recorded(type: "user.created", data: "{}"))
        }
        #expect(error.reason == .invalidData)
    }
}
