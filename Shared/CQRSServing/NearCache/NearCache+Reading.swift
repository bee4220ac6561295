// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials
internal import Synchronization

extension NearCache {
    private typealias Streams = CachedStreams<Answer>

    /// The answer for a key, as the read model gives it.
    func read(_ key: String) async throws -> NearCacheAnswer<Answer>? {
        try await reading { reading, origin in
            guard let field = content.field, let document = try await source.first(where: field, equals: key),
                let stream = content.stream(document), let answer = content.answer(document)
            else {
                state.withLock { $0.streams.foundNobody(key) }
                return .done(nil)
            }
            let entry = Streams.Entry(stream: stream, key: key, age: DocumentAge(document), answer: answer.value)
            return keep(entry, answer.sizeBytes, reading) ? .done(NearCacheAnswer(entry, origin)) : .outdated
        }
    }

    /// A stream's document, as the read model gives it.
    func read(_ stream: StreamID) async throws -> (document: Document, origin: NearCacheAnswer<Answer>.Origin)? {
        try await reading { reading, origin in
            guard let document = try await source.load([stream])[stream] else { return .done(nil) }
            return keep(stream, document, reading) ? .done((document, origin)) : .outdated
        }
    }

    /// Takes in documents that were read for others.
    ///
    /// - Parameter reading: from before they were read.
    /// - Returns: whether this is the latest that is known of the stream.
    @discardableResult
    func keep(_ stream: StreamID, _ document: Document, _ reading: CachedStreams<Answer>.Reading) -> Bool {
        let key = content.key(of: document, stream)
        guard let key, let answer = content.answer(document) else {
            return state.withLock { !$0.streams.found(stream, DocumentAge(document), elsewhere: key) }
        }
        let entry = Streams.Entry(stream: stream, key: key, age: DocumentAge(document), answer: answer.value)
        return keep(entry, answer.sizeBytes, reading)
    }

    private func keep(_ entry: CachedStreams<Answer>.Entry, _ sizeBytes: Int, _ reading: CachedStreams<Answer>.Reading)
        -> Bool
    {
        let (outcome, evictions) = state.withLock { state in
            (state.streams.add(entry, sizeBytes: sizeBytes, read: reading), state.newEvictions())
        }
        metrics.count(evictions: evictions)
        if outcome == .notKept { metrics.countNotKept() }
        return outcome != .outdated
    }

    private enum Attempt<Value> {
        case done(Value)
        case outdated
    }

    /// Reads, and reads again what is older than what is known, which can only be when reading took long or another
    /// server of the database answered.
    private func reading<Value>(
        _ body: (CachedStreams<Answer>.Reading, NearCacheAnswer<Answer>.Origin) async throws -> Attempt<Value>
    ) async throws -> Value {
        for _ in 0..<5 {
            let (reading, isLookedAt, isFollowing) = state.withLock { state in
                (state.streams.beginReading(), state.reachability.begin(now: .now), state.isFollowing())
            }
            if isFollowing { metrics.countMiss() } else { metrics.countBypass() }
            var failure: FailureCategory?
            defer {
                state.withLock { $0.reachability.end(isLookedAt: isLookedAt, failure: failure, now: .now) }
            }
            do {
                if case .done(let value) = try await body(reading, isFollowing ? .readModel : .bypass) { return value }
            } catch {
                failure = FailureCategory(of: error)
                throw error
            }
        }
        throw OutdatedReading()
    }
}

extension NearCache.State {
    /// Entries that left for want of room since the last time.
    mutating func newEvictions() -> Int {
        defer { reportedEvictions = streams.evictions }
        return streams.evictions - reportedEvictions
    }
}

/// The read model went on giving an older version than was seen before.
struct OutdatedReading: CategorizedError, CustomStringConvertible {
    var category: FailureCategory { .transient }
    var description: String { "the read model gives an older version than before" }
}
