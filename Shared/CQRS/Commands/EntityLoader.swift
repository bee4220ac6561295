// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Makes entities of their events, the less of them the better.
///
/// The states of long streams stay in memory, and are put away as snapshots now and then. Neither is the truth, only a place to
/// begin at: each load looks at the event that the state was made of last, together with what has come behind it, in one
/// look. Where the stream has another event there, or none, as after a restoration of the event store, it begins anew.
struct EntityLoader<D: Decider>: Sendable {
    /// The most events in one look.
    private static var pageSize: Int { 500 }
    /// Streams with fewer events are read whole: that is one look, too.
    private static var fewEvents: Int { 100 }
    /// How many events may come before the next snapshot.
    private static var snapshotDistance: Int64 { 100 }

    private let store: any EventHistory
    private let snapshots: (any SnapshotStore)?
    private let kept: KeptEntities<D>

    /// - Parameters:
    ///   - snapshots: `nil` for none.
    ///   - capacity: the most states to keep in memory.
    init(_ store: any EventHistory, snapshots: (any SnapshotStore)?, capacity: Int) {
        self.store = store
        self.snapshots = snapshots
        kept = KeptEntities(capacity: capacity)
    }

    /// An entity as it is, or was at a version.
    ///
    /// - Throws: what the event store throws; ``MalformedEvent``.
    func load(_ stream: StreamID, through last: Int64 = .max) async throws -> Entity<D> {
        let entity = try await fold(stream, through: last)
        return last == .max ? keep(entity) : entity
    }

    /// Keeps an entity as it is after the last event of a commit.
    ///
    /// - Returns: the entity, which knows whether it was put away.
    @discardableResult
    func keep(_ entity: Entity<D>) -> Entity<D> {
        guard entity.version >= Self.fewEvents else { return entity }
        var entity = entity
        if entity.version - entity.snapshotVersion >= Self.snapshotDistance { putAway(&entity) }
        kept.keep(entity)
        return entity
    }

    private func fold(_ stream: StreamID, through last: Int64) async throws -> Entity<D> {
        if let entity = kept.entity(stream), entity.version <= last {
            if let entity = try await goOn(from: entity, through: last) { return entity }
            kept.remove(stream)
        }
        var entity = Entity<D>(stream)
        guard let snapshots, let codec = D.snapshots else {
            try await readOn(&entity, through: last)
            return entity
        }
        if try await read(&entity, through: last, limit: Self.fewEvents) { return entity }
        // Whatever is wrong with a snapshot, there are the events.
        if let snapshot = try? await snapshots.snapshot(of: stream, schema: codec.schema, through: last),
            let state = try? codec.decode(snapshot.state),
            let entity = try await goOn(from: Entity(snapshot, state), through: last)
        {
            return entity
        }
        try await readOn(&entity, through: last)
        return entity
    }

    /// Applies what follows.
    ///
    /// - Returns: `nil` when the stream is not the one that the entity was made of.
    private func goOn(from start: Entity<D>, through last: Int64) async throws -> Entity<D>? {
        let page = try await store.read(start.stream, after: start.version - 1, limit: Self.pageSize)
        guard let first = page.first, first.version == start.version, first.id == start.lastEvent else { return nil }
        var entity = start
        for recorded in page.dropFirst() where recorded.version <= last { try entity.apply(recorded) }
        if page.count == Self.pageSize { try await readOn(&entity, through: last) }
        return entity
    }

    private func readOn(_ entity: inout Entity<D>, through last: Int64) async throws {
        while try await !read(&entity, through: last, limit: Self.pageSize) {}
    }

    /// Applies the next page.
    ///
    /// - Returns: whether nothing is left to be applied.
    private func read(_ entity: inout Entity<D>, through last: Int64, limit: Int) async throws -> Bool {
        let page = try await store.read(entity.stream, after: entity.version, limit: limit)
        for recorded in page {
            guard recorded.version <= last else { return true }
            try entity.apply(recorded)
        }
        return page.count < limit
    }

    private func putAway(_ entity: inout Entity<D>) {
        guard let snapshots, let codec = D.snapshots, let lastEvent = entity.lastEvent,
            let state = try? codec.encode(entity.state)
        else { return }
        snapshots.keep(
            StateSnapshot(
                stream: entity.stream, version: entity.version, lastEvent: lastEvent, recordedAt: entity.recordedAt,
                schema: codec.schema, state: state))
        entity.snapshotVersion = entity.version
    }
}
