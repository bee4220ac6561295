// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import MongoDB

/// Entries are documents of a collection of their own, `_id` their position: so a page of them is a range of the primary key.
extension MongoReadModel {
    var entries: MongoCollection { collection.client.database(collection.databaseName)["\(collection.name).entries"] }

    /// The entries between two positions, in order, from the primary key alone.
    ///
    /// - Throws: ``MongoError``; a `DecodingError`.
    public func entries(
        after start: EventPosition, through end: EventPosition, limit: Int?
    ) async throws -> [(position: EventPosition, entry: Document.Entry)] {
        let decoder = BSONDecoder()
        var found: [(position: EventPosition, entry: Document.Entry)] = []
        for try await stored in entries.find(
            Self.range(after: start, through: end), sort: [Self.streamField: 1], limit: limit ?? 0)
        {
            guard let key = stored[Self.streamField]?.stringValue, let position = EventPosition(entryKey: key)
            else { continue }
            found.append((position, try decoder.decode(Document.Entry.self, from: stored)))
        }
        return found
    }

    /// Writes entries over whatever is there, and removes those of another history beside documents made anew.
    func writeEntries(of changes: [ReadModelChange<Document>]) async throws {
        try await change(try changes.flatMap { try Self.writes(of: $0) })
    }

    func removeEntries(of streams: [StreamID]) async throws {
        try await change(
            streams.map { stream in
                .deleteMany(
                    filter: Self.range(
                        after: EventPosition(stream: stream, version: 0),
                        through: EventPosition(stream: stream, version: RecordedEvent.versions.upperBound)))
            })
    }

    private func change(_ writes: [MongoWrite]) async throws {
        let result = try await entries.bulkWrite(writes, ordered: false)
        if let error = result.writeConcernError { throw error }
        if let error = result.writeErrors.first { throw error }
    }

    private static func writes(of change: ReadModelChange<Document>) throws -> [MongoWrite] {
        let keys = change.entries.map { EventPosition(stream: change.stream, version: $0.version).entryKey }
        var writes = try zip(keys, change.entries).map { key, entry in
            var stored = BSONWriter(capacity: 256)
            stored.append(streamField, key)
            try BSONEncoder().encode(entry, into: &stored)
            return MongoWrite.replaceOne(
                filter: [streamField: .string(key)], replacement: try stored.finish(), upsert: true)
        }
        if change.isWhole {
            let last = max(change.baseVersion, change.document.version)
            let others: BSONDocument = [
                "$gt": .string(EventPosition(stream: change.stream, version: 0).entryKey),
                "$lte": .string(EventPosition(stream: change.stream, version: last).entryKey),
                "$nin": .array(BSONArray(keys)),
            ]
            writes.append(.deleteMany(filter: [streamField: .document(others)]))
        }
        return writes
    }

    private static func range(after start: EventPosition, through end: EventPosition) -> BSONDocument {
        [streamField: ["$gt": .string(start.entryKey), "$lte": .string(end.entryKey)]]
    }
}

extension EventPosition {
    private static let digits = 10

    /// The stream's name and the version in ten digits, so that keys are in the order of positions. Stored: it never changes.
    fileprivate var entryKey: String {
        let version = String(version)
        return "\(stream.name)/\(String(repeating: "0", count: Self.digits - version.count))\(version)"
    }

    fileprivate init?(entryKey: String) {
        let parts = entryKey.split(separator: "/")
        guard parts.count == 2, let stream = StreamID(String(parts[0])), let version = Int64(parts[1])
        else { return nil }
        self.init(stream: stream, version: version)
    }
}
