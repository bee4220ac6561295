// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import CQRSMongoDB
import Essentials
import Testing
import Users

@testable import OperatorConsole

@Suite("Looking at one entity", .timeLimit(.minutes(1)))
struct InspectionTests {
    @Test("finds it by identifier, stream and key, and nothing else")
    func finding() async throws {
        try await ConsoleDatabase.with { database in
            let events = userEvents(1)
            try await database.append(events, applied: 1)
            let stream = events[0].stream
            for text in [stream.name, "\(stream.entity)", "\(stream.entity)@example.org"] {
                #expect(try await database.users.streams(meantBy: text) == [stream], "\(text)")
            }
            for text in ["", "nobody@example.org", "item-\(stream.entity)", "\(UUIDv7(at: .now()))"] {
                #expect(try await database.users.streams(meantBy: text).isEmpty, "\(text)")
            }
        }
    }

    @Test("tells of each event what it made of the document, and nothing of one that there is not")
    func steps() async throws {
        try await ConsoleDatabase.with { database in
            let events = userEvents(3)
            try await database.append(events, applied: 0)
            let stream = events[0].stream
            func name(_ value: JSONValue?) -> JSONValue? {
                if case .object(let object)? = value { object["name"] } else { nil }
            }
            let first = try #require(try await database.users.step(of: stream, to: 1))
            #expect(first.before == nil)
            #expect(name(first.after) == "Ada")
            let third = try #require(try await database.users.step(of: stream, to: 3))
            #expect(name(third.before) == "Ada 2")
            #expect(name(third.after) == "Ada 3")
            #expect(try await database.users.step(of: stream, to: 4) == nil)
        }
    }

    @Test("says why an event cannot be applied")
    func flaw() async throws {
        try await ConsoleDatabase.with { database in
            var events = userEvents(2)
            events[1].type = "user.beamed-up"
            try await database.append(events, applied: 1)
            let step = try #require(try await database.users.step(of: events[0].stream, to: 2))
            #expect(step.flaw?.contains("unknown-type") == true)
        }
    }

    @Test("tells where each event is now")
    func journey() async throws {
        try await ConsoleDatabase.with { database in
            let (events, writer) = (userEvents(4), WriterID())
            try await database.append(events, by: writer, applied: 2)
            try await database.system.events.checkpoint(writer, RelayProgress(revision: 1, published: 3, setAside: [2]))
            let journey = try await EntityJourney(
                of: events[0].stream, after: 0, events: database.system.events, models: [database.users])
            var json = JSONWriter()
            journey.write(to: &json)
            let object = try #require(try JSON.parseObject(json.bytes))
            guard case .array(let stops)? = object["events"], case .array(let models)? = object["readModels"] else {
                Issue.record("no lists")
                return
            }
            func member(_ value: JSONValue, _ name: String) -> JSONValue? {
                if case .object(let object) = value { object[name] } else { nil }
            }
            #expect(stops.map { member($0, "isPublished") } == [true, false, true, false])
            #expect(models.map { member($0, "version") } == [2])
        }
    }

    @Test("previews what a replay would do to a letter")
    func preview() async throws {
        try await ConsoleDatabase.with { database in
            let events = userEvents(4)
            try await database.append(events, applied: 1)
            #expect(try await outcome(letter(events[0]), database) == "repeat")
            #expect(try await outcome(letter(events[1]), database) == "applied")
            // What is missing in between is read from the event store.
            #expect(try await outcome(letter(events[3]), database) == "applied")
            #expect(try await outcome(letter(events[1], from: "secrets"), database) == "refused")
            var unknown = events[1]
            unknown.type = "user.beamed-up"
            #expect(try await outcome(letter(unknown), database) == "put-aside")
            let foreign = DeadLetterRecord(properties: letter(events[0]).properties, body: Array("{}".utf8))
            #expect(try await outcome(foreign, database) == "repeat")
            var noEvent = AMQPProperties()
            noEvent.headers = ["x-dead-reason": "not-an-event", "x-dead-origin-queue": "users.projection"]
            #expect(try await outcome(DeadLetterRecord(properties: noEvent, body: []), database) == "put-aside")
        }
    }

    private func outcome(_ letter: DeadLetterRecord, _ database: ConsoleDatabase) async throws -> String? {
        var json = JSONWriter()
        try await database.users.preview(letter).write(to: &json)
        guard case .string(let outcome)? = try JSON.parseObject(json.bytes)?["outcome"] else { return nil }
        return outcome
    }

    private func letter(_ event: RecordedEvent, from queue: String = "users.projection") -> DeadLetterRecord {
        var properties = AMQPProperties()
        properties.messageID = event.id.description
        properties.headers = [
            "cloudEvents_specversion": "1.0", "cloudEvents_id": .string(event.id.description),
            "cloudEvents_source": "/test", "cloudEvents_type": .string(event.type),
            "cloudEvents_subject": .string(event.stream.name),
            "cloudEvents_time": .string(event.recordedAt.description),
            "cloudEvents_streamversion": .int64(event.version),
            "cloudEvents_dataschema": .string("urn:cqrs:schema:\(event.type):1"), "x-dead-reason": "not-applicable",
            "x-dead-origin-queue": .string(queue),
        ]
        return DeadLetterRecord(properties: properties, body: event.data)
    }
}
