// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials

/// One event of a history: `{"version","type","eventId","recordedAt","data"}`.
struct HistoryItem: Sendable {
    let event: RecordedEvent
    let data: EventData

    /// - Throws: ``MalformedEvent`` when the event's data is no JSON object.
    init(_ event: RecordedEvent) throws(MalformedEvent) {
        self.event = event
        data = try EventData(event)
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("version", event.version)
        json.member("type", event.type)
        json.member("eventId", event.id.description)
        json.member("recordedAt", event.recordedAt.description)
        json.key("data")
        json.value(.object(data.object))
        json.endObject()
    }
}
