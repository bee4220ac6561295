// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Logging
internal import ServiceLifecycle
internal import Synchronization

extension ChangeFeed {
    /// Follows the read model's changes whenever somebody reads, until a graceful shutdown or cancellation.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.demand.wait { self.isNeeded }
                await self.followWhileNeeded()
            }
        }
    }

    private var isNeeded: Bool { state.withLock { $0.readers > 0 } }

    private func followWhileNeeded() async {
        await withTaskGroup { group in
            group.addTask { await self.follow() }
            group.addTask { await self.tick() }
            await group.next()
            group.cancelAll()
        }
        // What happens from here on is not told: the next reader begins anew, or reads it page by page.
        state.withLock { state in
            state.log = nil
            state.feed = nil
        }
        metrics.report(readers: 0, bytes: 0)
    }

    /// Wakes all readers now and then to look at the time, so that none needs a timer; ends some time after the last.
    private func tick() async {
        while !Task.isCancelled {
            let (readers, bytes, isDone) = state.withLock { state in
                (state.readers, state.log?.bytes ?? 0, state.readers == 0 && state.lastLeft + Self.linger < .now)
            }
            metrics.report(readers: readers, bytes: bytes)
            if isDone { return }
            news.notify()
            try? await Task.sleep(for: min(heartbeat, .seconds(1)))
        }
    }

    private func follow() async {
        var backoff = Backoff(from: .milliseconds(50), to: .seconds(2))
        while !Task.isCancelled {
            let start = ContinuousClock.now
            do {
                // Behind what the log has, so that nothing is missing in it.
                try await changes.follow(Observer(feed: self), after: state.withLock { $0.log?.end })
            } catch  where Task.isCancelled || FailureCategory(of: error).isPassing {
                if !Task.isCancelled {
                    logger.warning("the feed of changes has ended", metadata: ["error": "\(error)"])
                }
            } catch {
                // What cannot be told, because it is gone or because nobody understands it, must not stop what follows.
                logger.error(
                    "the feed of changes begins anew, without what happened meanwhile", metadata: ["error": "\(error)"])
                state.withLock { $0.log = nil }
            }
            state.withLock { $0.feed = nil }
            if ContinuousClock.now - start > .seconds(10) { backoff.reset() }
            try? await Task.sleep(for: backoff.next())
        }
    }

    private struct Observer: ReadModelObserver {
        let feed: ChangeFeed

        func opened(_ open: OpenFeed) {
            feed.state.withLock { state in
                state.feed = open
                if state.log == nil {
                    state.log = ChangeLog(from: open.position(), capacityBytes: feed.capacityBytes)
                }
            }
            feed.news.notify()
        }

        func changed(_ change: DocumentChange<Document>, at position: FeedPosition) {
            let line = feed.line(change, position)
            feed.state.withLock { $0.log?.append(line, at: position) }
            feed.news.notify()
        }
    }
}
