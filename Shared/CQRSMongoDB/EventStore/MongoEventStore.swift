// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Logging
public import MongoDB
public import ServiceLifecycle
public import Tracing

/// The event store in MongoDB: the collection `events`, one immutable document a commit, `writers`, one checkpoint a
/// writer, and `snapshots`, which only save reading events.
///
/// Four indexes hold it together. The primary key is stream and first version: appending at the expected version is an insert,
/// and a lost race a duplicate. A unique index over the claims of all documents makes the same insert take the claims.
/// An index on writer and number makes the collection the outbox. One on what commits give up, which few do, tells whether
/// a claim is still its holder's.
///
/// The client's write concern must be majority and journaled, its read concern majority.
///
/// Appends and new snapshots need ``run()``; everything else works without it.
public struct MongoEventStore: EventStore, Service {
    let events: MongoCollection
    let writers: MongoCollection
    let snapshots: MongoCollection
    let commits: GroupCommit
    let snapshotWriter: SnapshotWriter
    private let finds: GroupedFinds

    /// A store in a database.
    ///
    /// - Parameters:
    ///   - client: must stay open for as long as the store is used.
    ///   - database: the database's name, `cqrs_write` by convention.
    ///   - logger: for appends that fail.
    ///   - tracer: traces appends; `nil` traces nothing.
    public init(client: MongoClient, database: String, logger: Logger, tracer: (any Tracer)? = nil) {
        self.init(client: client, database: database, logger: logger, tracer: tracer, finds: GroupedFinds())
    }

    init(client: MongoClient, database: String, logger: Logger, tracer: (any Tracer)? = nil, finds: GroupedFinds) {
        self.finds = finds
        events = client.database(database).collection("events")
        writers = client.database(database).collection("writers")
        snapshots = client.database(database).collection("snapshots")
        commits = GroupCommit(collection: events, logger: logger, tracer: tracer)
        snapshotWriter = SnapshotWriter(collection: snapshots, logger: logger)
    }

    /// Commits appends, and writes snapshots, until a graceful shutdown; the appends that have come in are finished first.
    public func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await snapshotWriter.run() }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await commits.run() }
                try? await gracefulShutdown()
                commits.close()
            }
            group.cancelAll()
        }
    }

    /// Creates the indexes, unless they exist.
    ///
    /// - Throws: ``MongoError``.
    public func prepare() async throws {
        try await events.createIndexes([
            MongoIndex([EventDocument.claims: 1], unique: true, sparse: true),
            MongoIndex([EventDocument.writer: 1, EventDocument.sequence: 1]),
            MongoIndex([EventDocument.releases: 1], sparse: true),
        ])
    }

    /// Appends a commit together with others that come at the same time.
    ///
    /// - Throws: ``AppendOutcomeUnknown``; after a ``MongoError`` nothing was appended.
    public func append(_ append: EventAppend) async throws -> AppendOutcome {
        try await commits.append(EventDocument.encode(append))
    }

    /// The events of a stream in order of version. The first one alone, which tells whether there is such a stream, is found
    /// together with others that are asked for at the same time.
    public func read(_ stream: StreamID, after version: Int64, limit: Int) async throws -> [RecordedEvent] {
        if version == 0, limit == 1 {
            return try await finds.documents(
                where: EventDocument.id, equals: EventDocument.id(stream, 1), in: events
            ).first.map { [try EventDocument.decode($0).first] } ?? []
        }
        let keys: BSONValue = [
            "$gt": .string(EventDocument.id(stream, version)), "$lt": .string(EventDocument.end(of: stream)),
        ]
        var page = try await readPage([EventDocument.id: keys], limit: limit).events
        if version > 0, page.first?.version != version + 1 {
            page.insert(contentsOf: try await restOfCommit(of: stream, after: version), at: 0)
        }
        return page.count > limit ? Array(page[..<limit]) : page
    }

    /// The events behind a version of the commit that begins with it or before: its key is not behind the version's.
    private func restOfCommit(of stream: StreamID, after version: Int64) async throws -> [RecordedEvent] {
        let keys: BSONValue = [
            "$gt": .string(EventDocument.id(stream, 0)), "$lte": .string(EventDocument.id(stream, version)),
        ]
        return try await lastCommit(keys)?.events.filter { $0.version > version } ?? []
    }

    /// The last event of a stream, or `nil` when it has none.
    public func last(of stream: StreamID) async throws -> RecordedEvent? {
        try await lastCommit([
            "$gt": .string(EventDocument.id(stream, 0)), "$lt": .string(EventDocument.end(of: stream)),
        ])?.last
    }

    private func lastCommit(_ keys: BSONValue) async throws -> Commit? {
        try await events.findOne([EventDocument.id: keys], sort: [EventDocument.id: -1]).map(EventDocument.decode)
    }

    /// Commits in the order of the primary key, until they have so many events.
    func readPage(_ filter: BSONDocument, limit: Int) async throws -> [Commit] {
        let cursor = events.find(filter, sort: [EventDocument.id: 1], limit: limit, batchSize: limit)
        var page: [Commit] = []
        var count = 0
        while count < limit, let batch = try await cursor.nextBatch() {
            page.reserveCapacity(page.count + batch.count)
            for document in batch where count < limit {
                let commit = try EventDocument.decode(document)
                page.append(commit)
                count += commit.count
            }
        }
        return page
    }

    /// The last event of the commit that holds a claim, or `nil` when it is free; found together with others that are asked
    /// for at the same time.
    public func holder(of claim: Claim) async throws -> RecordedEvent? {
        try await finds.documents(where: EventDocument.claims, equals: claim.text, in: events).first
            .map(EventDocument.decode)?.last
    }

    /// Whether a later commit of the stream gives a claim up.
    ///
    /// The range of keys bounds the look where the index is not there yet.
    public func hasGivenUp(_ claim: Claim, since holder: RecordedEvent) async throws -> Bool {
        try await events.findOne(
            [
                EventDocument.releases: .string(claim.text),
                EventDocument.id: [
                    "$gt": .string(EventDocument.id(holder.stream, holder.version)),
                    "$lt": .string(EventDocument.end(of: holder.stream)),
                ],
            ], projection: [EventDocument.id: 1]) != nil
    }

    /// Takes claims off a stream's commits.
    ///
    /// - Throws: ``MongoError``.
    public func release(_ claims: Set<Claim>, of stream: StreamID, through version: Int64) async throws {
        try await write(try claims.flatMap { try releaseSteps($0, of: stream, through: version) })
    }

    /// What takes a claim off, and with an idempotency key's claim what its events say of the key.
    ///
    /// A document whose last claim goes loses the whole field: an empty array would be a key of the unique index. As
    /// others may take off claims at the same time, each step names the case it is for, and the first comes last again.
    func releaseSteps(_ claim: Claim, of stream: StreamID, through version: Int64) throws -> [MongoWrite] {
        let held: BSONValue = .string(claim.text)
        let (claims, key) = (EventDocument.claims, EventDocument.idempotencyPath)
        let isKey = claim.isOfKind(Claim.idempotency)
        let alone = MongoWrite.updateOne(
            filter: holders(of: [held], stream, version),
            update: ["$unset": isKey ? [claims: "", key: ""] : [claims: ""]])
        var amongOthers = BSONWriter()
        for element in holders(of: held, stream, version) { amongOthers.append(element) }
        amongOthers.appendDocument("\(EventDocument.claims).1") { $0.append("$exists", true) }
        return [
            alone,
            .updateOne(
                filter: try amongOthers.finish(),
                update: isKey ? ["$pull": [claims: held], "$unset": [key: ""]] : ["$pull": [claims: held]]),
            alone,
        ]
    }

    /// Takes steps in their order, durably.
    func write(_ steps: [MongoWrite]) async throws {
        guard !steps.isEmpty else { return }
        let result = try await events.bulkWrite(steps, ordered: true)
        if let error = result.writeConcernError { throw error }
        if let error = result.writeErrors.first { throw error }
    }

    private func holders(of claims: BSONValue, _ stream: StreamID, _ version: Int64) -> BSONDocument {
        [
            EventDocument.claims: claims, EventDocument.stream: .string(stream.name),
            EventDocument.version: ["$lte": .int64(version)],
        ]
    }
}
