// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import Essentials
import Testing

@testable import OperatorKit

@Suite("A dead letter as text")
struct DeadLetterTextTests {
    private let foreign = DeadLetterRecord(
        properties: AMQPProperties(
            headers: [
                "x-dead-reason": "not-an-event", "bytes": .bytes([1, 255]), "double": .double(0.5),
                "list": .array([1, "a", .void]), "time": .timestamp(1_772_366_401), "nan": .double(.nan),
                "table": .table(["k": true]),
            ], messageID: "by hand \u{1B}[31m", type: "\u{202E}"),
        body: [0xFF, 0x00])

    @Test("is a row without personal data")
    func row() {
        var table = DeadLetterTable()
        table.append(record(1, 3))
        table.append(foreign)
        #expect(table.lines.count == 3)
        #expect(table.lines[0].hasPrefix("ID    ") && table.lines[0].hasSuffix("FAILED AT"))
        let cells = table.lines[1].split(separator: " ").map(String.init)
        #expect(
            cells == [eventID(1, 3), stream(1), "3", "user.updated", "invalid-data", "1", "2026-03-01T12:00:01.000Z"])
        #expect(table.lines[2].hasPrefix(#"by hand \u{1B}[31m"#))
        #expect(!table.lines.joined().contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
        #expect(!table.lines.joined().contains("Ada"))
    }

    @Test("is an object in one line, with every member, without personal data")
    func line() throws {
        let object = try #require(try JSON.parseObject(Array(record(1, 3).json.line.utf8)))
        #expect(
            object.members.map(\.name) == [
                "id", "stream", "version", "type", "reason", "error", "category", "attempts", "replays", "failedAt",
                "originQueue", "originExchange", "originRoutingKey", "bodyBytes",
            ])
        #expect(object["version"] == 3)
        #expect(object["bodyBytes"] == .number(JSONNumber(record(1, 3).body.count)))
        #expect(!record(1, 3).json.line.contains("Ada"))
        let other = try #require(try JSON.parseObject(Array(foreign.json.line.utf8)))
        #expect(other.members.map(\.name) == object.members.map(\.name))
        #expect(other["stream"] == .null)
        #expect(other["id"] == "by hand \u{1B}[31m")
        #expect(!foreign.json.line.contains("\u{1B}"))
    }

    @Test("in full has properties, headers and the content")
    func details() {
        let lines = DeadLetterDetails(letter: record(1, 3)).lines
        for part in ["Letter \(eventID(1, 3))", "Properties", "Headers", #"    "name": "Ada Löve","#] {
            #expect(lines.contains(part), "\(part)")
        }
        for (name, value) in [
            ("originQueue", "users.projection"), ("content_type", "application/json"), ("correlation_id", "request-17"),
            ("timestamp", "2026-03-01T12:00:00.000Z"), ("cloudEvents_streamversion", "3"),
            ("x-dead-error", "name"),
        ] {
            #expect(lines.contains { $0.split(separator: " ").map(String.init) == [name, value] }, "\(name)")
        }
    }

    @Test("in full shows foreign headers of every type, and content that is no text in digits")
    func foreignDetails() {
        let lines = DeadLetterDetails(letter: foreign).lines
        let shown = lines.map { $0.split(separator: " ").joined(separator: " ") }
        for line in [
            "bytes 01ff", "double 0.5", #"list [1,"a",null]"#, "time 2026-03-01T12:00:01.000Z", "nan nan",
            #"table {"k":true}"#, "000000 ff 00", "Body, 2 bytes",
        ] {
            #expect(shown.contains(line), "\(line)")
        }
        #expect(!lines.joined().contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
    }

    @Test("in full bounds its content, and cuts no character")
    func bounded() {
        let text = "{" + String(repeating: "ä", count: 40_000)
        let lines = DeadLetterDetails(
            letter: DeadLetterRecord(properties: AMQPProperties(), body: Array(text.utf8))
        ).lines
        #expect(lines.last == "  … and \(text.utf8.count - (64 << 10)) bytes more")
        #expect(lines.dropLast().last?.hasPrefix("  {ää") == true)
        #expect(lines.joined().utf8.count < 66 << 10)
    }

    @Test("in full shows text that is no JSON line by line, with escapes")
    func text() {
        let lines = DeadLetterDetails(
            letter: DeadLetterRecord(properties: AMQPProperties(), body: Array("hello\r\n\u{7}you".utf8))
        ).lines
        #expect(lines.suffix(2) == ["  hello", #"  \u{7}you"#])
        let empty = DeadLetterDetails(letter: DeadLetterRecord(properties: AMQPProperties(), body: [])).lines
        #expect(empty.suffix(2) == ["Body, 0 bytes", "  none"])
    }

    @Test("in full as JSON has the content as JSON, as text or in digits")
    func json() {
        let message = record(1, 3).wholeJSON
        guard case .object(let body)? = message["body"] else {
            Issue.record("no body")
            return
        }
        #expect(body["name"] == "Ada Löve")
        #expect(foreign.wholeJSON["bodyHex"] == "ff00")
        let text = DeadLetterRecord(properties: AMQPProperties(), body: Array("hello".utf8))
        #expect(text.wholeJSON["bodyText"] == "hello")
    }
}
