// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Synchronization

/// Where streams end that nobody reads, as far as this process knows.
///
/// Nothing is looked up before it is needed: a stream that is not known has no events until an append says otherwise. Others
/// may have written meanwhile, which an append finds out as well. So what is known may be too little. It may be too much only where events
/// were removed by hand: an append then leaves a hole in the stream, which is why nobody but a restore may do that.
struct UnreadStreams: Sendable {
    private let store: any EventStore
    private let heads: Kept

    /// - Parameter capacity: of how many streams the end is known, at least 0.
    init(_ store: any EventStore, capacity: Int = 100_000) {
        self.store = store
        heads = Kept(capacity: capacity)
    }

    /// The entity of a stream, as if nothing had happened to it, behind the last event that is known.
    func entity<D: Decider>(_ stream: StreamID, _ decider: D.Type = D.self) -> Entity<D> {
        Entity(unread: stream, heads.head(stream))
    }

    /// The same behind the last event that there is.
    func lookUp<D: Decider>(_ stream: StreamID, _ decider: D.Type = D.self) async throws -> Entity<D> {
        if let last = try await store.last(of: stream) {
            heads.keep(StreamHead(version: last.version, recordedAt: last.recordedAt), of: stream)
        }
        return entity(stream)
    }

    /// Notes where a stream ends after an append.
    func keep<D: Decider>(_ entity: Entity<D>) {
        heads.keep(StreamHead(version: entity.version, recordedAt: entity.recordedAt), of: entity.stream)
    }

    private final class Kept: Sendable {
        private let cache: Mutex<SieveCache<StreamHead>>

        init(capacity: Int) { cache = Mutex(SieveCache(capacity: capacity)) }

        func head(_ stream: StreamID) -> StreamHead { cache.withLock { $0.hit(stream.name) } ?? StreamHead() }

        func keep(_ head: StreamHead, of stream: StreamID) {
            cache.withLock { cache in
                let latest = cache.peek(stream.name)?.latest(head) ?? head
                _ = cache.store(latest, for: stream.name, cost: 1)
            }
        }
    }
}
