// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials
internal import MongoDB

/// A ``StateSnapshot`` as a document of `snapshots`, under the key that its last event has in `events` if it is alone.
enum SnapshotDocument {
    static let schema = "schema"
    private static let state = "state"

    static func encode(_ snapshot: StateSnapshot) throws(MongoError) -> BSONDocument {
        var writer = BSONWriter(capacity: 256 + snapshot.state.count)
        writer.append(EventDocument.id, EventDocument.id(snapshot.stream, snapshot.version))
        writer.append(EventDocument.stream, snapshot.stream.name)
        writer.append(EventDocument.version, snapshot.version)
        writer.append(EventDocument.eventID, snapshot.lastEvent.description)
        writer.append(
            EventDocument.recordedAt, BSONDate(millisecondsSince1970: snapshot.recordedAt.millisecondsSinceEpoch))
        writer.append(schema, Int32(snapshot.schema))
        writer.append(state, snapshot.state)
        return try writer.finish()
    }

    /// - Throws: ``MalformedEvent`` with the field that is not as this program writes it.
    static func decode(_ document: BSONDocument) throws(MalformedEvent) -> StateSnapshot {
        let fields = StoredFields(document)
        guard case .binary(let state)? = fields.values[state] else {
            throw MalformedEvent(.invalidEnvelope, "snapshot, field state")
        }
        return StateSnapshot(
            stream: try fields.read(EventDocument.stream) { StreamID($0) },
            version: try fields.integer(EventDocument.version),
            lastEvent: try fields.read(EventDocument.eventID) { UUIDv7($0) },
            recordedAt: try fields.time(EventDocument.recordedAt), schema: Int(try fields.integer(schema)),
            state: state.bytes)
    }
}
