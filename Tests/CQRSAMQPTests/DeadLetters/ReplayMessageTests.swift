// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import Testing

@testable import CQRSAMQP

@Suite("A replayed letter")
struct ReplayMessageTests {
    @Test("is the message that it was, with the number of its replays")
    func original() throws {
        let original = delivery(stream: 7, version: 3)
        let message = ReplayMessage.encode(letter(of: original), to: "users.projection")
        #expect(message.exchange.isEmpty)
        #expect(message.routingKey == "users.projection")
        #expect(message.mandatory)
        #expect(message.body == original.body)
        var expected = original.properties
        expected.headers?["x-replays"] = 1
        #expect(message.properties == expected)
        let event = try EventMessage.decode(properties: message.properties, body: message.body)
        #expect(event == (try EventMessage.decode(properties: original.properties, body: original.body)))
    }

    @Test("has none of the headers that tell of earlier deliveries, or that would send copies elsewhere")
    func headers() throws {
        let gone: [String] = [
            "x-dead-reason", "x-dead-anything", "x-retry-attempts", "x-death", "x-first-death-queue",
            "x-last-death-reason", "x-delivery-count", "CC", "BCC",
        ]
        var properties = delivery().properties
        for name in gone { properties.headers?[name] = "x" }
        properties.headers?["x-foreign"] = "stays"
        properties.userID = "somebody"
        properties.expiration = "1000"
        properties.deliveryMode = .transient
        let message = ReplayMessage.encode(DeadLetterRecord(properties: properties, body: []), to: "q")
        for name in gone { #expect(message.properties.headers?[name] == nil, "\(name)") }
        #expect(message.properties.headers?["x-foreign"] == "stays")
        #expect(message.properties.userID == nil)
        #expect(message.properties.expiration == nil)
        #expect(message.properties.deliveryMode == .persistent)
    }

    @Test("counts on when it became a letter again")
    func again() {
        let second = letter(of: delivery { $0.headers?["x-replays"] = .int32(1) })
        #expect(second.replays == 1)
        #expect(ReplayMessage.encode(second, to: "q").properties.headers?["x-replays"] == 2)
    }

    @Test("goes to the queue it came from if that is ours, else only where it is told to")
    func target() {
        let ours = letter(of: delivery())
        let foreign = DeadLetterRecord(
            properties: AMQPProperties(headers: ["x-dead-reason": "r", "x-dead-origin-queue": "other"]), body: [])
        let unknown = DeadLetterRecord(properties: AMQPProperties(headers: ["x-dead-reason": "r"]), body: [])
        let generation = letter(of: delivery(), from: "users.projection.g2")
        let home = DeadLetterReader.Target.origin("users.projection", fed: ["users.projection"])
        #expect(DeadLetterReader.refusal(of: ours, home) == nil)
        #expect(DeadLetterReader.refusal(of: generation, home) == nil)
        #expect(DeadLetterReader.refusal(of: foreign, home) == .foreignOrigin("other"))
        #expect(DeadLetterReader.refusal(of: unknown, home) == .noOrigin)
        for letter in [ours, foreign, unknown] {
            #expect(DeadLetterReader.refusal(of: letter, .queue("users.projection")) == nil)
        }
    }
}
