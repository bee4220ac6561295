// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Testing

/// An event whose shape has changed twice: first `{"name"}`, then `{"fullName"}`, now `{"first","last"}`.
private enum RenameEvent: DomainEvent {
    case named(first: String, last: String)
    /// Never changed.
    case cleared

    static let upcasts = [
        EventUpcast("name.given", from: 1) {
            $0["fullName"] = $0["name"]
            $0["name"] = nil
        },
        EventUpcast("name.given", from: 2) { data throws(MalformedEvent) in
            guard case .string(let fullName) = data["fullName"] else { throw MalformedEvent(.invalidData, "fullName") }
            let words = fullName.split(separator: " ", maxSplits: 1).map(String.init)
            data["first"] = .string(words.first ?? "")
            data["last"] = .string(words.dropFirst().first ?? "")
            data["fullName"] = nil
        },
    ]

    var type: String {
        switch self {
        case .named: "name.given"
        case .cleared: "name.cleared"
        }
    }

    var schema: Int {
        switch self {
        case .named: 3
        case .cleared: 1
        }
    }

    func encoded() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        if case .named(let first, let last) = self {
            json.member("first", first)
            json.member("last", last)
        }
        json.endObject()
        return json.bytes
    }

    static func decode(latest event: RecordedEvent) throws(MalformedEvent) -> RenameEvent {
        switch (event.type, event.schema) {
        case ("name.given", 3):
            let data = try EventData(event)
            return .named(first: try data.string("first"), last: try data.string("last"))
        case ("name.cleared", 1):
            return .cleared
        case ("name.given", _), ("name.cleared", _):
            throw MalformedEvent(.unknownSchema, "schema \(event.schema)")
        default:
            throw MalformedEvent(.unknownType, "type")
        }
    }
}

private func recorded(_ type: String, schema: Int, _ data: String) -> RecordedEvent {
    let id = UUIDv7(at: .now())
    return RecordedEvent(
        id: id, stream: StreamID(category: "name", id: id), version: 1, type: type, schema: schema, recordedAt: .now(),
        data: Array(data.utf8), metadata: EventMetadata(correlationID: "test"))
}

@Suite("An event of an old schema")
struct UpcastingTests {
    @Test(
        "is read as if it had today's",
        arguments: [
            (1, #"{"name":"Ada Lovelace"}"#), (2, #"{"fullName":"Ada Lovelace"}"#),
            (3, #"{"first":"Ada","last":"Lovelace"}"#), (1, #"{"name":"Ada Lovelace","more":[{"a":1e3}]}"#),
        ])
    func schemas(schema: Int, data: String) throws {
        #expect(
            try RenameEvent.decode(recorded("name.given", schema: schema, data))
                == .named(first: "Ada", last: "Lovelace"))
    }

    @Test("leaves other events alone, whatever their schema")
    func others() throws {
        #expect(try RenameEvent.decode(recorded("name.cleared", schema: 1, "{}")) == .cleared)
    }

    @Test("that nobody knows is refused, be it newer or older than all that are known", arguments: [4, 0, -1, .max])
    func unknown(schema: Int) throws {
        let error = try #require(throws: MalformedEvent.self) {
            try RenameEvent.decode(recorded("name.given", schema: schema, #"{"first":"Ada","last":"L"}"#))
        }
        #expect(error.reason == .unknownSchema)
    }

    @Test(
        "whose data is not what the schema promised is refused, and not quoted",
        arguments: [
            (1, #"{"nick":"secret"}"#), (1, #"{"name":7}"#), (2, #"["secret"]"#), (2, "secret"), (1, ""),
            (3, #"{"first":"secret"}"#),
        ])
    func malformed(schema: Int, data: String) throws {
        let error = try #require(throws: MalformedEvent.self) {
            try RenameEvent.decode(recorded("name.given", schema: schema, data))
        }
        #expect(error.reason == .invalidData)
        #expect(!"\(error)".contains("secret"))
    }
}
