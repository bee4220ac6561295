// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials
internal import MongoDB

/// The checkpoints, by the server's clock.
extension MongoEventStore: WriterCheckpoints, CommitPlaces {
    private enum Field {
        static let id = "_id"
        static let owner = "owner"
        /// Up to where all is published: what programs from before events were set aside read.
        static let published = "published"
        static let progress = "progress"
        static let revision = "revision"
        static let setAside = "setAside"
        static let heartbeat = "heartbeat"
    }

    /// Notes progress; the writer itself is always right.
    ///
    /// - Throws: ``MongoError``.
    public func checkpoint(_ writer: WriterID, _ progress: RelayProgress) async throws {
        _ = try await writers.updateOne(
            [Field.id: .string(writer.description)],
            [
                "$max": latest(progress), "$set": [Field.owner: .string(writer.description)],
                "$currentDate": [Field.heartbeat: true],
            ], upsert: true)
    }

    /// What `$max` keeps of progress: documents compare field by field, so the one with the higher revision stays, in one
    /// piece, in whichever order reports arrive.
    private func latest(_ progress: RelayProgress) -> BSONValue {
        [
            Field.published: .int64(progress.watermark),
            Field.progress: [
                Field.revision: .int64(progress.revision), Field.published: .int64(progress.published),
                Field.setAside: .array(BSONArray(progress.setAside.map { .int64($0) })),
            ],
        ]
    }

    private func progress(_ checkpoint: BSONDocument) -> RelayProgress? {
        guard let progress = checkpoint[Field.progress]?.documentValue else {
            return checkpoint[Field.published]?.intValue.map { RelayProgress(published: Int64($0)) }
        }
        guard let revision = progress[Field.revision]?.intValue, let published = progress[Field.published]?.intValue,
            let setAside = progress[Field.setAside]?.arrayValue?.values
        else { return nil }
        return RelayProgress(
            revision: Int64(revision), published: Int64(published),
            setAside: setAside.compactMap { $0.intValue.map { Int64($0) } })
    }

    /// Takes over the checkpoint that has been silent for longest, if that was long enough.
    ///
    /// - Throws: ``MongoError``; ``MalformedEvent``.
    public func takeOver(for writer: WriterID, silentFor silence: Duration) async throws -> Takeover? {
        let milliseconds = Int64(silence / .milliseconds(1))
        let token = UUIDv7(at: .now())
        let taken = try await writers.findOneAndUpdate(
            [
                Field.id: ["$ne": .string(writer.description)],
                // A heartbeat from the future is as dead as one from the past: the server's clock was set back.
                "$expr": [
                    "$gt": [["$abs": ["$subtract": ["$$NOW", .string("$\(Field.heartbeat)")]]], .int64(milliseconds)]
                ],
            ],
            ["$set": [Field.owner: .string(token.description)], "$currentDate": [Field.heartbeat: true]],
            sort: [Field.heartbeat: 1])
        guard let taken else { return nil }
        guard let other = taken[Field.id]?.stringValue.flatMap({ WriterID($0) }),
            let progress = progress(taken)
        else { throw MalformedEvent(.invalidEnvelope, "a checkpoint") }
        return Takeover(writer: other, progress: progress, token: token)
    }

    /// Shows that somebody works on a take-over.
    ///
    /// - Throws: ``MongoError``.
    public func hold(_ takeover: Takeover) async throws -> Bool {
        let result = try await writers.updateOne(
            own(takeover.writer, takeover.token.description), ["$currentDate": [Field.heartbeat: true]])
        return result.matchedCount > 0
    }

    /// Removes a checkpoint that was taken over.
    ///
    /// - Throws: ``MongoError``.
    public func finish(_ takeover: Takeover) async throws {
        _ = try await writers.deleteOne(own(takeover.writer, takeover.token.description))
    }

    /// Leaves a checkpoint to whoever looks next.
    ///
    /// - Throws: ``MongoError``.
    public func abandon(_ writer: WriterID, _ progress: RelayProgress) async throws {
        _ = try await writers.updateOne(
            own(writer, writer.description),
            [
                "$max": latest(progress),
                "$set": [Field.heartbeat: .date(BSONDate(millisecondsSince1970: 0))],
            ])
    }

    /// Removes a checkpoint, unless it was taken over.
    ///
    /// - Throws: ``MongoError``.
    public func remove(_ writer: WriterID) async throws {
        _ = try await writers.deleteOne(own(writer, writer.description))
    }

    /// A writer's commits in order of their numbers.
    ///
    /// - Throws: ``MongoError``; ``MalformedEvent``.
    public func commits(of writer: WriterID, after sequence: Int64, limit: Int) async throws -> [OutboxCommit] {
        try await events.find(
            [EventDocument.writer: .string(writer.description), EventDocument.sequence: ["$gt": .int64(sequence)]],
            sort: [EventDocument.writer: 1, EventDocument.sequence: 1], limit: limit, batchSize: limit
        ).toArray().map(EventDocument.decodeOutbox)
    }

    /// How far each writer with a checkpoint has published.
    ///
    /// - Throws: ``MongoError``; ``MalformedEvent``.
    public func progress() async throws -> [WriterID: RelayProgress] {
        var all: [WriterID: RelayProgress] = [:]
        for try await checkpoint in writers.find() {
            guard let writer = checkpoint[Field.id]?.stringValue.flatMap({ WriterID($0) }),
                let progress = progress(checkpoint)
            else { throw MalformedEvent(.invalidEnvelope, "a checkpoint") }
            all[writer] = progress
        }
        return all
    }

    /// The writers that have appended something: from one to the next in the index.
    ///
    /// - Throws: ``MongoError``.
    public func writers(after writer: WriterID?, limit: Int) async throws -> [WriterID] {
        var found: [WriterID] = []
        while found.count < limit {
            let last = (found.last ?? writer)?.description ?? ""
            let next = try await events.findOne(
                [EventDocument.writer: ["$gt": .string(last)]], sort: [EventDocument.writer: 1],
                projection: [EventDocument.writer: 1])
            guard let name = next?[EventDocument.writer]?.stringValue.flatMap({ WriterID($0) }) else { break }
            found.append(name)
        }
        return found
    }

    /// The number of a writer's last commit.
    ///
    /// - Throws: ``MongoError``.
    public func lastNumber(of writer: WriterID) async throws -> Int64 {
        let last = try await events.findOne(
            [EventDocument.writer: .string(writer.description)],
            sort: [EventDocument.writer: -1, EventDocument.sequence: -1], projection: [EventDocument.sequence: 1])
        return last?[EventDocument.sequence]?.intValue.map { Int64($0) } ?? 0
    }

    /// Where the commits of a stream stand among those of their writers. No event leaves the server.
    ///
    /// - Throws: ``MongoError``.
    public func places(of stream: StreamID, after version: Int64, limit: Int) async throws -> [CommitPlace] {
        // The commit that holds the next version begins at most so far before it.
        let start = max(0, version + 1 - Int64(Commit.limit))
        let found = try await events.find(
            [
                EventDocument.id: [
                    "$gt": .string(EventDocument.id(stream, start)), "$lt": .string(EventDocument.end(of: stream)),
                ]
            ], sort: [EventDocument.id: 1],
            projection: [EventDocument.version: 1, EventDocument.writer: 1, EventDocument.sequence: 1],
            limit: limit + Commit.limit
        ).toArray().compactMap { stored -> CommitPlace? in
            guard let version = stored[EventDocument.version]?.intValue,
                let writer = stored[EventDocument.writer]?.stringValue.flatMap({ WriterID($0) }),
                let sequence = stored[EventDocument.sequence]?.intValue
            else { return nil }
            return CommitPlace(version: Int64(version), writer: writer, sequence: Int64(sequence))
        }
        let first = found.lastIndex { $0.version <= version + 1 } ?? 0
        return Array(found.dropFirst(first).prefix(limit))
    }

    /// A writer's commits with these numbers.
    ///
    /// - Throws: ``MongoError``; ``MalformedEvent``.
    public func commits(of writer: WriterID, numbered numbers: [Int64]) async throws -> [OutboxCommit] {
        try await events.find(
            [
                EventDocument.writer: .string(writer.description),
                EventDocument.sequence: ["$in": .array(BSONArray(numbers.map { .int64($0) }))],
            ], sort: [EventDocument.writer: 1, EventDocument.sequence: 1]
        ).toArray().map(EventDocument.decodeOutbox)
    }

    private func own(_ writer: WriterID, _ owner: String) -> BSONDocument {
        [Field.id: .string(writer.description), Field.owner: .string(owner)]
    }
}
