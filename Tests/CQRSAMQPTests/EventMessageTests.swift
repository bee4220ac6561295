// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import Essentials
import Testing

@testable import CQRSAMQP

private let id = UUIDv7("017f22e2-79b0-7cc3-98c4-dc0c0c07398f") ?? UUIDv7(at: .now())

private let event = RecordedEvent(
    id: id, stream: StreamID(category: "user", id: id), version: 3, type: "user.created", schema: 2,
    recordedAt: Timestamp(millisecondsSinceEpoch: 1_772_366_400_123), data: Array(#"{"name":"Ada"}"#.utf8),
    metadata: EventMetadata(
        correlationID: "request-17", traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))

@Suite("An event's message")
struct EventMessageTests {
    @Test("carries the event's data as its body, readable in the management UI")
    func body() {
        let message = EventMessage.encode(event, application: "command-api")
        #expect(message.exchange == "domain_events")
        #expect(message.routingKey == "user.created")
        #expect(message.mandatory)
        #expect(String(decoding: message.body, as: UTF8.self) == #"{"name":"Ada"}"#)
    }

    @Test("has the properties and CloudEvents headers of the contract")
    func envelope() {
        let properties = EventMessage.encode(event, application: "command-api").properties
        #expect(properties.contentType == "application/json")
        #expect(properties.deliveryMode == .persistent)
        #expect(properties.messageID == id.description)
        #expect(properties.correlationID == "request-17")
        #expect(properties.type == "user.created")
        #expect(properties.appID == "command-api")
        #expect(properties.timestamp == 1_772_366_400)
        #expect(
            properties.headers == [
                "cloudEvents_specversion": "1.0",
                "cloudEvents_id": .string(id.description),
                "cloudEvents_source": "/command-api",
                "cloudEvents_type": "user.created",
                "cloudEvents_subject": .string("user-\(id)"),
                "cloudEvents_time": "2026-03-01T12:00:00.123Z",
                "cloudEvents_streamversion": 3,
                "cloudEvents_dataschema": "urn:cqrs:schema:user.created:2",
                "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            ])
    }

    @Test("is read back as the event that was written")
    func roundTrip() throws {
        let message = EventMessage.encode(event, application: "command-api")
        #expect(try EventMessage.decode(properties: message.properties, body: message.body) == event)
    }

    @Test("is accepted with the other prefix that the CloudEvents binding allows, and with any integer type")
    func variants() throws {
        var properties = EventMessage.encode(event, application: "command-api").properties
        var headers: AMQPTable = [:]
        for (key, value) in try #require(properties.headers).entries {
            headers[key.replacing("cloudEvents_", with: "cloudEvents:")] = value
        }
        headers["cloudEvents:streamversion"] = .int32(3)
        properties.headers = headers
        #expect(try EventMessage.decode(properties: properties, body: event.data) == event)
    }

    @Test("without CloudEvents headers is no event")
    func foreign() throws {
        var properties = AMQPProperties()
        properties.contentType = "text/plain"
        let error = try #require(throws: MalformedEvent.self) {
            try EventMessage.decode(properties: properties, body: Array("hello".utf8))
        }
        #expect(error.reason == .notAnEvent)
    }

    @Test(
        "with an unreadable header says which one",
        arguments: [
            ("id", "17"), ("subject", "user"), ("subject", "User-17"), ("subject", ""), ("time", "yesterday"),
            ("streamversion", "0"),
            ("streamversion", "one"), ("dataschema", "urn:cqrs:schema:user.created:0"),
            ("dataschema", "urn:cqrs:schema:user.deleted:1"), ("specversion", "2.0"), ("type", nil),
            ("subject", nil), ("time", nil), ("streamversion", nil), ("dataschema", nil), ("id", nil),
        ] as [(String, String?)])
    func unreadable(name: String, value: String?) throws {
        var properties = EventMessage.encode(event, application: "command-api").properties
        properties.headers?["cloudEvents_\(name)"] = value.map { .string($0) }
        let error = try #require(throws: MalformedEvent.self) {
            try EventMessage.decode(properties: properties, body: event.data)
        }
        #expect(error.reason == .invalidEnvelope)
        // A wrong type makes the schema of the right one unreadable.
        #expect(error.detail == name)
    }
}
