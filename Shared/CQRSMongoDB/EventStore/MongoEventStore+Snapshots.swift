// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import MongoDB

/// Snapshots in a collection of their own, `snapshots`, which may be dropped at any time.
extension MongoEventStore: SnapshotStore {
    /// The last snapshot of a stream up to a version.
    ///
    /// - Throws: ``MongoError``; ``MalformedEvent``.
    public func snapshot(of stream: StreamID, schema: Int, through version: Int64) async throws -> StateSnapshot? {
        let end =
            version > RecordedEvent.versions.upperBound
            ? EventDocument.end(of: stream) : EventDocument.id(stream, version)
        return try await snapshots.findOne(
            [
                EventDocument.id: ["$gt": .string(EventDocument.id(stream, 0)), "$lte": .string(end)],
                SnapshotDocument.schema: .int32(Int32(schema)),
            ], sort: [EventDocument.id: -1]
        ).map(SnapshotDocument.decode)
    }

    /// Keeps a snapshot; ``run()`` writes it.
    public func keep(_ snapshot: StateSnapshot) { snapshotWriter.add(snapshot) }
}
