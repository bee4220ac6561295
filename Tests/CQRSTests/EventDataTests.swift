// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Testing

@Suite("The data of an event")
struct EventDataTests {
    private let id = UUIDv7(at: .now())

    private func data(_ text: String) throws -> EventData {
        try EventData(
            RecordedEvent(
                id: id, stream: StreamID(category: "order", id: id), version: 1, type: "order.placed", schema: 1,
                recordedAt: .now(), data: Array(text.utf8), metadata: EventMetadata(correlationID: "test")))
    }

    private func detail(_ text: String, _ read: (EventData) throws -> Void) throws -> String {
        let data = try data(text)
        return try #require(throws: MalformedEvent.self) { try read(data) }.detail
    }

    @Test("gives members of the types that are asked for")
    func members() throws {
        let data = try data(#"{"s":"a","n":-7,"u":"\#(id)","t":"2026-03-01T12:00:00Z","l":[{"n":1},{"n":2}]}"#)
        #expect(try data.string("s") == "a")
        #expect(try data.optionalString("s") == "a")
        #expect(try data.integer("n") == -7)
        #expect(try data.uuid("u") == id)
        #expect(try data.optionalTimestamp("t")?.description == "2026-03-01T12:00:00.000Z")
        #expect(try data.objects("l").map { try $0.integer("n") } == [1, 2])
    }

    @Test("may lack what is optional, and nothing else")
    func absence() throws {
        let data = try data("{}")
        #expect(try data.optionalString("a") == nil)
        #expect(try data.optionalTimestamp("a") == nil)
        #expect(throws: MalformedEvent.self) { try data.string("a") }
        #expect(throws: MalformedEvent.self) { try data.integer("a") }
        #expect(throws: MalformedEvent.self) { try data.uuid("a") }
        #expect(throws: MalformedEvent.self) { try data.objects("a") }
    }

    @Test(
        "has no whole number in anything else",
        arguments: ["1.5", "1e3", #""1""#, "null", "true", "9223372036854775808", "[1]"])
    func noInteger(value: String) throws {
        #expect(throws: MalformedEvent.self) { try data(#"{"n":\#(value)}"#).integer("n") }
    }

    @Test("has no whole number out of range")
    func range() throws {
        let data = try data(#"{"n":10}"#)
        #expect(try data.integer("n", in: 1...10) == 10)
        #expect(throws: MalformedEvent.self) { try data.integer("n", in: 1...9) }
    }

    @Test("does not take null or another type for what is optional", arguments: ["null", "7", "{}"])
    func noOptional(value: String) throws {
        let data = try data(#"{"a":\#(value)}"#)
        #expect(throws: MalformedEvent.self) { try data.optionalString("a") }
        #expect(throws: MalformedEvent.self) { try data.optionalTimestamp("a") }
    }

    @Test("names in an error the member, with its place in a list, and never the value")
    func errors() throws {
        #expect(try detail(#"{"n":"secret"}"#) { _ = try $0.integer("n") } == "n")
        #expect(
            try detail(#"{"l":[{"n":1},{"n":"secret"}]}"#) { _ = try $0.objects("l").map { try $0.integer("n") } }
                == "l[1].n")
        #expect(
            try detail(#"{"l":[{"m":[{}]}]}"#) { _ = try $0.objects("l")[0].objects("m")[0].string("n") }
                == "l[0].m[0].n")
        #expect(try detail(#"{"l":[{},"secret"]}"#) { _ = try $0.objects("l") } == "l")
    }
}
