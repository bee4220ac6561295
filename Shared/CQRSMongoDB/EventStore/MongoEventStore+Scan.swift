// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import MongoDB

/// Reading everything, in the order of the primary key.
extension MongoEventStore: EventScan {
    /// The commits of a category's streams in order of stream and version.
    ///
    /// - Throws: ``MongoError``; ``MalformedEvent``.
    public func readAll(
        _ category: String, in range: StreamRange, after position: EventPosition?, limit: Int
    ) async throws -> [Commit] {
        try await readPage([EventDocument.id: keys(of: category, range, after: position)], limit: limit)
    }

    /// Which of these streams have events: a look at the primary key alone.
    ///
    /// - Throws: ``MongoError``.
    public func existing(_ streams: Set<StreamID>) async throws -> Set<StreamID> {
        let firsts = BSONArray(streams.map { EventDocument.id($0, 1) })
        let found = try await events.find(
            [EventDocument.id: ["$in": .array(firsts)]], projection: [EventDocument.id: 1]
        ).toArray()
        return Set(found.compactMap(stream))
    }

    /// The stream of the last of so many commits behind a stream: a walk over keys that stays on the server.
    ///
    /// - Throws: ``MongoError``.
    public func boundary(_ category: String, after stream: StreamID?, commits count: Int) async throws -> StreamID? {
        try await events.findOne(
            [EventDocument.id: keys(of: category, StreamRange(after: stream, through: nil), after: nil)],
            sort: [EventDocument.id: 1], projection: [EventDocument.id: 1], skip: count - 1
        ).flatMap(self.stream)
    }

    /// How many commits a category has: exactly if that can be told within a few seconds, or else how many all
    /// categories have.
    ///
    /// - Throws: ``MongoError``.
    public func count(_ category: String) async throws -> Int {
        do {
            return try await events.countDocuments(
                [EventDocument.id: keys(of: category, .all, after: nil)], timeout: .seconds(3))
        } catch {
            guard error.code == .timedOut else { throw error }
        }
        let database = events.client.database(events.databaseName)
        return try await database.runCommand(["count": .string(events.name)])["n"]?.intValue ?? 0
    }

    private func keys(of category: String, _ range: StreamRange, after position: EventPosition?) -> BSONValue {
        let start =
            position.map { EventDocument.id($0.stream, $0.version) }
            ?? range.before.map { EventDocument.end(of: $0) } ?? "\(category)-"
        // Behind every name of the category: `.` follows `-`.
        let end = range.last.map { EventDocument.end(of: $0) } ?? "\(category)."
        return ["$gt": .string(start), "$lt": .string(end)]
    }

    private func stream(_ document: BSONDocument) -> StreamID? {
        document[EventDocument.id]?.stringValue.flatMap { StreamID(String($0.prefix { $0 != ":" })) }
    }
}
