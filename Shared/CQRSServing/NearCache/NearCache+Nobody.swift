// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials

/// What came of looking for whoever has a key.
public enum KeyedAnswer<Answer: Sendable>: Sendable {
    /// The read model has it.
    case found(NearCacheAnswer<Answer>)
    /// Nobody has the key.
    ///
    /// - Parameter isConfirmed: whether the event store says so; if not, it could not be asked, and only the read model
    ///   does, which may be behind.
    case nobody(isConfirmed: Bool)
    /// Somebody has the key, as the event store says, and the read model did not show it in time.
    case notYetVisible
}

extension NearCache {
    /// The answer for a key, where the read model's finding nobody is not the last word: it may only be behind.
    ///
    /// The event store knows who has the key: whoever holds its claim. Their document is waited for as
    /// ``find(_:atLeast:of:within:)`` does. So nobody who has been accepted is ever said not to be there.
    ///
    /// For a key that the read model finds this costs what ``find(_:)`` does; for another one a look at the event store on top.
    ///
    /// - Parameters:
    ///   - claim: what whoever has the key holds.
    ///   - events: the event store that holds the claims. Not being able to ask it is no error: see ``KeyedAnswer``.
    ///   - limit: how long to wait for who is not there yet; not at all when 0. A graceful shutdown ends it, too.
    /// - Throws: an error with a ``FailureCategory``; `CancellationError`.
    public func find(
        _ key: String, claimedAs claim: Claim, in events: any EventQueries, within limit: Duration
    ) async throws -> KeyedAnswer<Answer> {
        if let found = try await find(key) { return .found(found) }
        let deadline = ContinuousClock.now + limit
        var givenUp: EventPosition?
        while true {
            let holder: EventPosition?
            do {
                holder = try await events.holder(of: claim)?.position
            } catch  where FailureCategory(of: error).isPassing {
                try Task.checkCancellation()
                return .nobody(isConfirmed: false)
            }
            // A claim given up and not yet released finds who gave it up.
            guard let holder, holder != givenUp else { return .nobody(isConfirmed: true) }
            switch try await find(key, atLeast: holder.version, of: holder.stream, within: deadline - .now) {
            case .found(let answer): return .found(answer)
            case .notYetVisible: return .notYetVisible
            // Handed over meanwhile, perhaps: ask again, for as long as there is time.
            case .elsewhere where ContinuousClock.now < deadline || givenUp == nil: givenUp = holder
            case .elsewhere: return .notYetVisible
            }
        }
    }

    /// The answer for a stream, where the read model's having no document is not the last word: it may only be behind.
    ///
    /// - Parameters:
    ///   - events: the event store. Not being able to ask it is no error: see ``KeyedAnswer``.
    ///   - limit: how long to wait for what is not there yet; not at all when 0. A graceful shutdown ends it, too.
    /// - Throws: an error with a ``FailureCategory``; `CancellationError`.
    public func find(
        _ stream: StreamID, in events: any EventHistory, within limit: Duration
    ) async throws -> KeyedAnswer<Answer> {
        if let hit = cached(stream) { return .found(hit) }
        switch try await look(nil, 1, stream) {
        case .found(let answer): return .found(answer)
        // What was deleted has a document, and is not shown.
        case .elsewhere: return .nobody(isConfirmed: true)
        case .notYetVisible, nil: break
        }
        do {
            guard try await !events.read(stream, after: 0, limit: 1).isEmpty else { return .nobody(isConfirmed: true) }
        } catch  where FailureCategory(of: error).isPassing {
            try Task.checkCancellation()
            return .nobody(isConfirmed: false)
        }
        switch try await find(stream, atLeast: 1, within: limit) {
        case .found(let answer): return .found(answer)
        case .elsewhere: return .nobody(isConfirmed: true)
        case .notYetVisible: return .notYetVisible
        }
    }
}
