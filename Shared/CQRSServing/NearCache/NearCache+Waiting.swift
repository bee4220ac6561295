// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials
internal import ServiceLifecycle

extension NearCache {
    /// The answer for a key once the read model reflects a version.
    ///
    /// With a stream it is that stream's document which counts, whoever else has the key by then. Without one it is the
    /// document that is found under the key: after a key was handed over, that of the one before may do.
    ///
    /// Costs one look at the read model, unless the answer is in memory; then the feed wakes whoever waits, and while that
    /// is broken one look for all of them every 100 ms.
    ///
    /// - Parameters:
    ///   - version: the lowest that will do.
    ///   - stream: whose version it is.
    ///   - limit: how long to wait; not at all when 0. A graceful shutdown ends it, too.
    /// - Throws: an error with a ``FailureCategory``; `CancellationError`.
    public func find(
        _ key: String, atLeast version: Int64, of stream: StreamID?, within limit: Duration
    ) async throws -> VersionedAnswer<Answer> {
        if let hit = cached(key, atLeast: version, of: stream) { return .found(hit) }
        return try await wait(for: version, of: stream, under: key, within: limit)
    }

    /// The answer for a stream once the read model reflects a version, whatever its key.
    ///
    /// - Parameters: as of ``find(_:atLeast:of:within:)``.
    /// - Returns: ``VersionedAnswer/elsewhere`` when the document is not shown any more.
    /// - Throws: as ``find(_:atLeast:of:within:)``.
    public func find(
        _ stream: StreamID, atLeast version: Int64, within limit: Duration
    ) async throws -> VersionedAnswer<Answer> {
        if let hit = cached(stream, atLeast: version) { return .found(hit) }
        return try await wait(for: version, of: stream, under: nil, within: limit)
    }

    /// One of stream and key is there.
    private func wait(
        for version: Int64, of stream: StreamID?, under key: String?, within limit: Duration
    ) async throws -> VersionedAnswer<Answer> {
        let deadline = ContinuousClock.now + limit
        while true {
            // First listen, then look: what comes in between wakes us.
            let ticket = waiters.add(stream.map { .stream($0) } ?? .key(key ?? ""), version: version)
            defer { waiters.remove(ticket) }
            if let answer = try await look(key, version, stream) { return answer }
            let document = await withGracefulShutdownHandler {
                await self.waiters.wait(ticket, until: deadline)
            } onGracefulShutdown: {
                self.waiters.remove(ticket)
            }
            try Task.checkCancellation()
            metrics.countWait(isInVain: document == nil)
            guard let document else { return .notYetVisible }
            // What woke us by its key need not be what the key leads to.
            if let stream { return answer(key, document, of: stream, .readModel) }
        }
    }

    /// The answer as the read model gives it now; `nil` when it does not reflect the version.
    func look(_ key: String?, _ version: Int64, _ stream: StreamID?) async throws -> VersionedAnswer<Answer>? {
        if let stale = stale(key, ifAway: true, atLeast: version, of: stream) { return .found(stale) }
        do {
            guard let stream else {
                guard let key, let found = try await read(key), found.version >= version else { return nil }
                return .found(found)
            }
            guard let (document, origin) = try await read(stream), document.version >= version else { return nil }
            return answer(key, document, of: stream, origin)
        } catch  where FailureCategory(of: error).isPassing {
            guard let stale = stale(key, ifAway: false, atLeast: version, of: stream) else { throw error }
            return .found(stale)
        }
    }

    private func answer(
        _ key: String?, _ document: Document, of stream: StreamID, _ origin: NearCacheAnswer<Answer>.Origin
    ) -> VersionedAnswer<Answer> {
        let isThere = key.map { content.key(of: document, stream)?.isExactly($0) == true } ?? true
        guard isThere, let answer = content.answer(document) else {
            return .elsewhere
        }
        return .found(
            NearCacheAnswer(stream: stream, version: document.version, answer: answer.value, origin: origin))
    }
}
