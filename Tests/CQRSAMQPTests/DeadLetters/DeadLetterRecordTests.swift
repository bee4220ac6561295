// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import Essentials
import Testing

@Suite("A dead letter")
struct DeadLetterRecordTests {
    @Test("tells what the consumer wrote into it")
    func written() {
        let record = letter(of: delivery(stream: 7, version: 3) { $0.headers?["x-delivery-count"] = 2 })
        #expect(record.id == uuid(7003).description)
        #expect(record.stream == "user-\(uuid(7))")
        #expect(record.version == 3)
        #expect(record.type == "user.updated")
        #expect(record.reason == "invalid-data")
        #expect(record.error == "name")
        #expect(record.attempts == 3)
        #expect(record.replays == 0)
        #expect(record.failedAt?.description == "2026-03-01T12:00:01.000Z")
        #expect(record.originQueue == "users.projection")
        #expect(record.originExchange == "domain_events")
        #expect(record.originRoutingKey == "user.updated")
        #expect(record.body == Array(#"{"name":"Ada"}"#.utf8))
    }

    @Test("that the broker made by its delivery limit tells that from the newest entry of x-death")
    func byBroker() {
        let properties = AMQPProperties(
            headers: [
                "x-death": .array([
                    .table([
                        "queue": "users.projection", "reason": "delivery_limit", "exchange": "domain_events",
                        "routing-keys": .array(["user.created"]), "time": .timestamp(1_772_366_401), "count": 1,
                    ]),
                    .table(["queue": "users.projection.retry.1s", "reason": "expired"]),
                ])
            ], messageID: "m")
        let record = DeadLetterRecord(properties: properties, body: [])
        #expect(record.reason == "delivery-limit")
        #expect(record.originQueue == "users.projection")
        #expect(record.originExchange == "domain_events")
        #expect(record.originRoutingKey == "user.created")
        #expect(record.failedAt?.description == "2026-03-01T12:00:01.000Z")
        #expect(record.attempts == nil)
    }

    @Test("with nothing in it still has an id, the same each time and another for another content")
    func unnamed() {
        let one = DeadLetterRecord(properties: AMQPProperties(), body: [1])
        #expect(one.id.hasPrefix("unnamed-"))
        #expect(one.id == DeadLetterRecord(properties: AMQPProperties(messageID: ""), body: [1]).id)
        #expect(one.id != DeadLetterRecord(properties: AMQPProperties(), body: [2]).id)
        #expect(one.reason == nil && one.stream == nil && one.originQueue == nil && one.failedAt == nil)
    }

    @Test("is not taken in by headers of other types")
    func strangeHeaders() {
        let properties = AMQPProperties(
            headers: [
                "x-dead-reason": 17, "x-dead-attempts": "many", "x-replays": "x", "x-dead-failed-at": "yesterday",
                "x-death": .array([.table(["time": .timestamp(.max), "reason": 1, "routing-keys": "k"]), 7]),
                "cloudEvents_subject": .array([]), "cloudEvents_streamversion": "1",
            ], messageID: "m")
        let record = DeadLetterRecord(properties: properties, body: [])
        #expect(record.reason == nil && record.attempts == nil && record.failedAt == nil && record.stream == nil)
        #expect(record.version == nil && record.replays == 0)
    }

    @Test("of a message that asked for copies in other queues asks for none")
    func copies() {
        let record = letter(of: delivery { $0.headers?["CC"] = .array(["users.projection"]) })
        #expect(record.properties.headers?["CC"] == nil)
    }
}
