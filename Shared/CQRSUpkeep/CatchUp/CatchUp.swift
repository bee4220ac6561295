// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials
public import Logging
internal import Synchronization

/// Brings a read model up to date with the event store, in the background, when its queue was lost with what was in it.
///
/// A projector heals a stream with the stream's next event. This does it for all streams, without waiting for any: it is
/// ``ReadModelAudit`` that mends what it finds. It runs beside projectors, since each write names the version that it was
/// computed from. What was asked for is done by this process or by one that starts later.
public final class CatchUp<P: Projection, Model: AuditableReadModel<P.Document>>: Sendable {
    private let audit: ReadModelAudit<P, Model>
    private let ledger: any CatchUpLedger
    private let requests = Atomic<Int>(0)
    private let wakeup = Wakeup()
    private let logger: Logger

    /// Prepares catch-ups.
    ///
    /// - Parameters:
    ///   - audit: compares the read model with the event store. Its patience is how long projectors have for what they
    ///     have in hand.
    ///   - ledger: what remembers requests.
    ///   - logger: for the beginning and the end of each.
    public init(_ audit: ReadModelAudit<P, Model>, ledger: any CatchUpLedger, logger: Logger) {
        self.audit = audit
        self.ledger = ledger
        self.logger = logger
    }

    /// Asks for a catch-up.
    ///
    /// - Throws: what the ledger throws; then nothing may have been asked for.
    public func request() async throws {
        do {
            try await ledger.request()
        } catch {
            logger.warning(
                "the queue is missing, and that cannot be noted now", metadata: ["error": "\(SafeText.of(error))"])
            throw error
        }
        requests.add(1, ordering: .releasing)
        wakeup.notify()
    }

    /// Does what is asked for, also by processes before this one, and tries again what fails, until it is cancelled.
    ///
    /// - Parameter isSubscribed: whether new events come to the queue again. Before that a catch-up could miss some: it
    ///   begins only then.
    public func run(once isSubscribed: @Sendable () -> Bool) async {
        var backoff = Backoff(from: .milliseconds(200), to: .seconds(30))
        while !Task.isCancelled {
            do {
                let seen = requests.load(ordering: .acquiring)
                guard let request = try await ledger.pending() else {
                    await wakeup.wait(unless: { requests.load(ordering: .acquiring) != seen })
                    continue
                }
                while !isSubscribed() { try await Task.sleep(for: .milliseconds(100)) }
                try await catchUp()
                try await ledger.complete(request)
                backoff.reset()
            } catch {
                guard !Task.isCancelled else { return }
                let delay = backoff.next()
                logger.warning(
                    "the read model could not catch up with the event store",
                    metadata: ["error": "\(SafeText.of(error))", "retry-in": "\(delay)"])
                try? await Task.sleep(for: delay)
            }
        }
    }

    private func catchUp() async throws {
        let start = ContinuousClock.now
        logger.notice("catching up with the event store: the queue was made anew")
        // Not the sums: several consumers catch up at once, and what they write keeps sums right.
        let result = try await audit.run(repairs: true, sums: false) { _, _ in }
        logger.notice(
            "caught up with the event store",
            metadata: [
                "events": "\(result.events)", "streams": "\(result.streams)", "differences": "\(result.differences)",
                "mended": "\(result.repaired)", "seconds": "\((ContinuousClock.now - start) / .seconds(1))",
            ])
    }
}
