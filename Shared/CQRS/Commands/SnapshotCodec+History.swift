// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

extension SnapshotCodec {
    /// States as short histories: events that lead to the same state as all those that there were. Nothing has to be said of a
    /// state's own form, and old shapes of events are read as ever.
    ///
    /// - Parameters:
    ///   - decider: whose states they are.
    ///   - schema: as of ``init(schema:encode:decode:)``.
    ///   - history: the events for a state; `nil` for one that is not put away.
    public static func history<D: Decider & SendableMetatype>(
        of decider: D.Type, schema: Int, _ history: @escaping @Sendable (State) -> [D.Event]?
    ) -> SnapshotCodec where D.State == State {
        SnapshotCodec(schema: schema) { state in
            guard let events = history(state) else { throw NoHistory() }
            var json = JSONWriter()
            json.beginArray()
            for event in events {
                json.beginObject()
                json.member("type", event.type)
                json.member("schema", event.schema)
                json.member("data", String(decoding: event.encoded(), as: UTF8.self))
                json.endObject()
            }
            json.endArray()
            return json.bytes
        } decode: { bytes in
            guard case .array(let items) = try JSON.parse(bytes) else { throw NoHistory() }
            return try items.reduce(D.initialState) { state, item in
                guard case .object(let object) = item, case .string(let type)? = object["type"],
                    case .number(let schema)? = object["schema"], let schema = schema.integer,
                    case .string(let data)? = object["data"]
                else { throw NoHistory() }
                return D.evolve(state, try D.Event.decode(.ofSnapshot(type, schema, data)))
            }
        }
    }

    private struct NoHistory: Error {}
}

extension RecordedEvent {
    /// What decoding looks at, in an envelope that means nothing.
    fileprivate static func ofSnapshot(_ type: String, _ schema: Int, _ data: String) -> RecordedEvent {
        let start = Timestamp(millisecondsSinceEpoch: 0)
        let id = UUIDv7(at: start)
        return RecordedEvent(
            id: id, stream: StreamID(category: "snapshot", id: id), version: 1, type: type, schema: schema,
            recordedAt: start, data: Array(data.utf8), metadata: EventMetadata(correlationID: ""))
    }
}
