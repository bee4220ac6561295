// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials
public import Logging
public import ServiceLifecycle
internal import Synchronization

/// Answers about a read model's documents from memory, kept coherent by what the read model's writers tell.
///
/// Run it beside what asks it. Until it can follow them, and whenever it is cut off from them, it asks the read model each
/// time; should that not answer either, it answers from memory and says so. Nobody is ever answered a lower version of a
/// stream than was answered before, as long as the read model itself does not go back.
///
/// That nobody has a key is never kept: who has just come must not stay unknown.
///
/// A hit takes one short lock, and neither communication nor encoding.
public final class NearCache<Source: ReadModelQueries, Answer: Sendable>: Service {
    /// What is kept for one stream.
    public typealias Document = Source.Document

    struct State {
        var streams: CachedStreams<Answer>
        /// That of what is told, while there is something to follow.
        var status: (@Sendable () -> FeedStatus)?
        /// How often that was opened.
        var openings = 0
        /// When it was noticed to be broken.
        var brokenSince: ContinuousClock.Instant?
        var reachability = ReachabilityWatch()
        var reportedEvictions = 0

        /// Whether the answers kept can be relied on.
        mutating func isFollowing() -> Bool {
            guard status?() == .following else {
                if brokenSince == nil { brokenSince = .now }
                return false
            }
            brokenSince = nil
            return true
        }

        /// For how long they could not be relied on.
        func brokenFor() -> Duration { brokenSince.map { .now - $0 } ?? .zero }
    }

    let source: Source
    let notices: any ReadModelNotices
    let content: NearCacheContent<Document, Answer>
    let waiters = VersionWaiters<Document>()
    let metrics: NearCacheMetrics
    let logger: Logger
    let state: Mutex<State>

    /// An empty cache.
    ///
    /// - Parameters:
    ///   - name: the read model's permanent name, a label of the metrics.
    ///   - source: the read model.
    ///   - notices: what the read model's writers tell. What `source` gives is never older for long.
    ///   - content: what is answered.
    ///   - capacityBytes: the most memory to use for answers, about; 0 keeps none, and everything else works the same.
    ///   - logger: for what cannot be followed any more.
    public init(
        _ name: String, of source: Source, notices: some ReadModelNotices,
        content: NearCacheContent<Source.Document, Answer>, capacityBytes: Int, logger: Logger
    ) {
        self.source = source
        self.notices = notices
        self.content = content
        self.logger = logger
        metrics = NearCacheMetrics(readModel: name)
        state = Mutex(State(streams: CachedStreams(capacityBytes: capacityBytes)))
    }

    /// What is answered with a document, whether it is kept or not; `nil` for one that is not shown.
    public func answer(with document: Document) -> Answer? { content.answer(document)?.value }

    /// Whether it is told of all changes, so that answers from memory can be relied on.
    public var isFollowing: Bool { state.withLock { $0.isFollowing() } }

    /// How many wait for a version.
    public var waiting: Int { waiters.count }

    /// The answer for a key, if it is in memory and can be relied on.
    ///
    /// - Parameters:
    ///   - version: the lowest that will do.
    ///   - stream: the only stream that will do; `nil` when any will.
    public func cached(
        _ key: String, atLeast version: Int64 = 0, of stream: StreamID? = nil
    ) -> NearCacheAnswer<Answer>? {
        cached(atLeast: version, of: stream) { $0.find(key) }
    }

    /// The answer for a stream, if it is in memory and can be relied on, whatever its key.
    ///
    /// - Parameter version: the lowest that will do.
    public func cached(_ stream: StreamID, atLeast version: Int64 = 0) -> NearCacheAnswer<Answer>? {
        cached(atLeast: version, of: stream) { $0.find(stream) }
    }

    private func cached(
        atLeast version: Int64, of stream: StreamID?,
        _ find: (inout CachedStreams<Answer>) -> CachedStreams<Answer>.Entry?
    ) -> NearCacheAnswer<Answer>? {
        let entry: CachedStreams<Answer>.Entry? = state.withLock { state in
            guard state.isFollowing(), let entry = find(&state.streams), entry.age.version >= version,
                entry.isCurrent(now: .now), stream == nil || entry.stream == stream
            else { return nil }
            return entry
        }
        guard let entry else { return nil }
        metrics.countHit()
        return NearCacheAnswer(entry, .cache)
    }

    /// The answer for a key.
    ///
    /// - Returns: `nil` when nobody has it, as the read model says now.
    /// - Throws: an error with a ``FailureCategory``.
    public func find(_ key: String) async throws -> NearCacheAnswer<Answer>? {
        if let hit = cached(key) { return hit }
        if let stale = stale(key, ifAway: true) { return stale }
        do {
            return try await read(key)
        } catch  where FailureCategory(of: error).isPassing {
            guard let answer = stale(key, ifAway: false) else { throw error }
            return answer
        }
    }

    /// What is kept for a key, or without one for a stream, although it cannot be relied on, while the read model is away.
    ///
    /// - Parameter ifAway: whether that is still to be found out.
    func stale(
        _ key: String?, ifAway: Bool, atLeast version: Int64 = 0, of stream: StreamID? = nil
    ) -> NearCacheAnswer<Answer>? {
        let found: (CachedStreams<Answer>.Entry, Duration)? = state.withLock { state in
            guard !ifAway || state.reachability.isAway(now: .now),
                let entry = key.map({ state.streams.find($0) }) ?? stream.flatMap({ state.streams.find($0) }),
                entry.age.version >= version,
                stream == nil || entry.stream == stream
            else { return nil }
            return (entry, state.brokenFor())
        }
        guard let (entry, duration) = found else { return nil }
        metrics.countStale()
        return NearCacheAnswer(entry, .stale(for: duration))
    }
}

extension NearCacheAnswer {
    init(_ entry: CachedStreams<Answer>.Entry, _ origin: Origin) {
        self.init(stream: entry.stream, version: entry.age.version, answer: entry.answer, origin: origin)
    }
}
