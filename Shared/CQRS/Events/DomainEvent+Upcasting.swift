// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

extension DomainEvent {
    /// None: no shape has ever changed.
    public static var upcasts: [EventUpcast] { [] }

    /// Reads an event of any schema version there ever was: brings it to today's shape where it has an older one, then
    /// decodes that. An event of today's shape is decoded as it is.
    ///
    /// - Throws: ``MalformedEvent`` when the type or schema is unknown or the data does not fit.
    public static func decode(_ event: RecordedEvent) throws(MalformedEvent) -> Self {
        try decode(latest: upcast(event))
    }

    private static func upcast(_ event: RecordedEvent) throws(MalformedEvent) -> RecordedEvent {
        guard step(for: event) != nil else { return event }
        var event = event
        var object = try EventData(event).object
        while let step = step(for: event) {
            try step.transform(&object)
            event.schema += 1
        }
        var json = JSONWriter(capacity: event.data.count)
        json.value(.object(object))
        event.data = json.bytes
        return event
    }

    private static func step(for event: RecordedEvent) -> EventUpcast? {
        upcasts.first { $0.schema == event.schema && $0.type == event.type }
    }
}
