// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Logging
internal import Synchronization

/// Knows which generations of a read model there are, at most a short time late, while a ``GenerationWatch`` runs for it.
public final class GenerationFollower: Sendable {
    private struct Known {
        var record: GenerationRecord?
        /// When the last successful look began.
        var since: ContinuousClock.Instant?
        var followers: [Int: AsyncStream<Void>.Continuation] = [:]
        var followersEver = 0
    }

    private let registry: any GenerationRegistry
    /// The read model's permanent name.
    let readModel: String
    private let followTime: Duration
    private let logger: Logger
    private let known = Mutex(Known())

    /// How late a follower may be: who changes the registry waits longer before relying on the change.
    public static let followTime = Duration.seconds(3)

    /// Knows nothing yet.
    ///
    /// - Parameters:
    ///   - registry: asked when what the watch has seen is too old.
    ///   - followTime: what is known for longer is not relied on.
    ///   - logger: for changes.
    init(_ registry: any GenerationRegistry, readModel: String, followTime: Duration, logger: Logger) {
        self.registry = registry
        self.readModel = readModel
        self.followTime = followTime
        self.logger = logger
    }

    /// What is written, as it was within the last ``followTime``.
    ///
    /// - Throws: an error with a ``FailureCategory`` when it could not be read for longer.
    public func current() async throws -> GenerationState {
        let state: GenerationState? = known.withLock { known in
            guard let since = known.since, since + followTime > .now else { return nil }
            return known.record?.state
        }
        if let state { return state }
        return try await look()
    }

    /// What was written when somebody last looked; `nil` before that. Cheap.
    public var latest: GenerationState? { known.withLock { $0.record?.state } }

    /// Whether just these are to be read, as it was written within the last ``followTime``. Cheap.
    public func isReading(_ generations: [Generation]) -> Bool {
        known.withLock { known in
            guard let since = known.since, since + followTime > .now else { return false }
            return known.record?.state.read == generations
        }
    }

    /// What is written, now if it is known and whenever something else is to be read or fed, or a switch goes
    /// on. A slow reader gets the newest alone, and may get it twice.
    public func changes() -> some AsyncSequence<GenerationState, Never> & Sendable {
        // The news is only that there is some: what it is the reader looks up, so that news that overtakes other news does no
        // harm. Telling it under the lock could wait for ever: a task that is cancelled calls what follows with its own
        // lock held, which telling takes as well.
        let (news, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = known.withLock { known in
            known.followersEver += 1
            known.followers[known.followersEver] = continuation
            return known.followersEver
        }
        continuation.onTermination = { [weak self] _ in
            self?.known.withLock { $0.followers[number] = nil }
        }
        continuation.yield()
        return news.compactMap { self.latest }
    }

    private func look() async throws -> GenerationState {
        let start = ContinuousClock.now
        return note(try await registry.read(readModel), since: start)
    }

    /// Notes what was found by a look.
    ///
    /// - Parameter start: when the look began.
    /// - Returns: the newest that is known.
    @discardableResult
    func note(_ found: GenerationRecord, since start: ContinuousClock.Instant) -> GenerationState {
        let (record, told) = known.withLock { known in
            // Looks may overtake each other. A revision never comes back, unless somebody has deleted the registry.
            if let since = known.since, since > start, let record = known.record {
                return (record, nil as [AsyncStream<Void>.Continuation]?)
            }
            let (before, now) = (known.record?.state, found.state)
            let isNew = before?.read != now.read || before?.queues != now.queues || before?.handover != now.handover
            known.record = found
            known.since = start
            return (found, isNew ? Array(known.followers.values) : nil)
        }
        if let told {
            for follower in told { follower.yield() }
            logger.info(
                "generations",
                metadata: [
                    "read-model": "\(readModel)", "read": "\(record.state.read)",
                    "handover": "\(record.state.handover?.rawValue ?? "none")",
                ])
        }
        return record.state
    }
}
