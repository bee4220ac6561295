// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
public import Logging
internal import Metrics

/// Frees idempotency keys whose time is over, so that an event store does not keep those that nobody uses again.
///
/// Every process may run one: a key that another has freed is passed over. It goes by the same clocks as
/// ``CommandHandler``, which refuses to know a key after its time in any case.
public struct IdempotencyExpiry: Sendable {
    /// How many keys are looked at in one go. Few, as commands go on beside it, and the breath in between is for them.
    private static let pageSize = 500
    private static let breath = Duration.milliseconds(50)

    private let store: any IdempotencyStore
    private let lifetime: Duration
    private let interval: Duration
    private let logger: Logger
    private let forgotten = Counter(label: "cqrs_idempotency_keys_forgotten")

    /// Frees a store's keys.
    ///
    /// - Parameters:
    ///   - lifetime: how long a key is remembered, as all command handlers of the store have it.
    ///   - interval: how long to wait between two rounds.
    ///   - logger: told how many keys a round has freed, never which.
    public init(
        store: any IdempotencyStore, lifetime: Duration, interval: Duration = .seconds(3600), logger: Logger
    ) {
        self.store = store
        self.lifetime = lifetime
        self.interval = interval
        self.logger = logger
    }

    /// Frees keys, round after round, until cancelled.
    public func run() async {
        while !Task.isCancelled {
            do {
                let count = try await forgetExpired()
                if count > 0 { logger.info("freed expired idempotency keys", metadata: ["keys": "\(count)"]) }
            } catch  where !Task.isCancelled {
                logger.warning("freeing expired idempotency keys pauses", metadata: ["error": "\(error)"])
            } catch {}
            try? await Task.sleep(for: interval)
        }
    }

    /// One round over all keys.
    ///
    /// - Returns: how many were freed.
    /// - Throws: an error with a ``FailureCategory``; `CancellationError`.
    func forgetExpired(now: Timestamp = .now()) async throws -> Int {
        let start = Timestamp(
            millisecondsSinceEpoch: now.millisecondsSinceEpoch - Int64(lifetime / .milliseconds(1)))
        var count = 0
        var position: Claim?
        repeat {
            let page = try await store.forgetKeys(usedBefore: start, after: position, limit: Self.pageSize)
            forgotten.increment(by: page.forgotten)
            count += page.forgotten
            position = page.next
            if position != nil { try await Task.sleep(for: Self.breath) }
        } while position != nil
        return count
    }
}
