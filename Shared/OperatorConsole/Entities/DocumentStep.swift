// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials
internal import FoundationEssentials

/// One event of a stream, and the document before and after it.
struct DocumentStep: Sendable {
    let event: RecordedEvent
    /// `nil` when there was none.
    let before: JSONValue?
    let after: JSONValue?
    /// Why the document could not follow; quotes no data.
    let flaw: String?

    func write(to json: inout JSONWriter) {
        json.beginObject()
        event.writeContent(to: &json)
        json.key("before")
        json.value(before ?? .null)
        json.key("after")
        json.value(after ?? .null)
        json.member("flaw", ifPresent: flaw)
        json.endObject()
    }
}

extension RecordedEvent {
    /// Writes the members that say what happened, with the data: personal data where the event has some.
    func writeContent(to json: inout JSONWriter) {
        json.member("stream", stream.name)
        json.member("version", version)
        json.member("type", type)
        json.member("schema", schema)
        json.member("eventId", id.description)
        json.member("recordedAt", recordedAt.description)
        json.member("correlationId", metadata.correlationID)
        json.member("causationId", ifPresent: metadata.causationID)
        json.member("traceparent", ifPresent: metadata.traceparent)
        json.key("data")
        if let value = try? JSON.parse(data) {
            json.value(value)
        } else {
            json.string(String(decoding: data, as: UTF8.self))
        }
    }
}

extension JSONValue {
    /// A document as JSON, with its fields under their own names and times as RFC 3339 writes them.
    init(document: some Encodable) throws {
        let encoder = JSONEncoder()
        // So that two documents can be compared line by line.
        encoder.outputFormatting = .sortedKeys
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(Timestamp(date).description)
        }
        self = try JSON.parse(Array(try encoder.encode(document)))
    }
}
