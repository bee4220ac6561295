// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials
internal import ServiceLifecycle

/// The changes of a ``ChangeFeed`` as one reader gets them. Ends when the reader leaves, its task is cancelled, or at a
/// graceful shutdown.
///
/// All that a reader has is its position, and each step moves it. Where the step comes from depends on where it is:
///
/// - The feed's log has everything behind it: lines from there, or nothing new.
/// - The log begins later, because the reader was away or is slow: pages from the read model, until there is nothing more;
///   then the log has the rest.
/// - Neither has it, because the position is of a database, or of changes, that are no more: the reader has lost something,
///   and goes on from now.
///
/// While the feed is cut off nobody can tell, and the reader waits where it is. Nothing new is worth a step of its own only
/// now and then, as a heartbeat.
///
/// Read it from one task.
public struct ChangeReading<Document: ReadModelDocument, Line: Sendable>: AsyncSequence, Sendable {
    private let feed: ChangeFeed<Document, Line>
    private let seat: ChangeFeed<Document, Line>.Seat
    /// Where it begins.
    public let start: FeedPosition

    init(feed: ChangeFeed<Document, Line>, seat: ChangeFeed<Document, Line>.Seat, start: FeedPosition) {
        self.feed = feed
        self.seat = seat
        self.start = start
    }

    /// Ends the reading, from wherever.
    public func leave() { seat.leave() }

    /// Begins at ``start``.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(feed: feed, seat: seat, position: start) }

    /// Reads step by step.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let feed: ChangeFeed<Document, Line>
        let seat: ChangeFeed<Document, Line>.Seat
        var position: FeedPosition
        var lastStep = ContinuousClock.now

        init(feed: ChangeFeed<Document, Line>, seat: ChangeFeed<Document, Line>.Seat, position: FeedPosition) {
            self.feed = feed
            self.seat = seat
            self.position = position
        }

        private var hasEnded: Bool { seat.hasLeft || Task.isCancelled || Task.isShuttingDownGracefully }

        /// The next step; `nil` at the end.
        public mutating func next() async -> ChangeStep<Line>? {
            while !hasEnded {
                if let step = await look() {
                    lastStep = .now
                    return step
                }
                await wait()
            }
            return nil
        }

        /// What there is now, wherever it comes from; `nil` to wait for news.
        private mutating func look() async -> ChangeStep<Line>? {
            guard let (lines, end, now) = feed.look(after: position) else { return await readPage() }
            position = end
            return lines.isEmpty ? quiet(now) : .lines(lines)
        }

        /// Says that there is nothing, if that has not been said for long.
        private mutating func quiet(_ now: FeedPosition?) -> ChangeStep<Line>? {
            guard lastStep + feed.heartbeat <= .now else { return nil }
            guard let now else { return .nothing(until: position) }
            // Another process may have been ahead, but not for that long: the position is of another database.
            if now < position { return lose(now) }
            position = now
            return .nothing(until: now)
        }

        /// Goes on from now.
        private mutating func lose(_ now: FeedPosition) -> ChangeStep<Line> {
            feed.metrics.countLoss()
            position = now
            return .lost(now)
        }

        /// Reads from the read model what the log does not have.
        private mutating func readPage() async -> ChangeStep<Line>? {
            while !hasEnded {
                do {
                    let page = try await cancelWhenGracefulShutdown { [feed, position] in
                        try await feed.page(after: position)
                    }
                    let isLast = page.changes.isEmpty
                    position = page.end
                    let lines = page.changes.compactMap { feed.line($0.change, $0.position)?.value }
                    if !lines.isEmpty { return .lines(lines) }
                    if isLast { return nil }
                } catch  where error is CancellationError || FailureCategory(of: error).isPassing {
                    return nil
                } catch {
                    // Gone, or nobody understands it.
                    return feed.position.map { lose($0) }
                }
            }
            return nil
        }

        private func wait() async {
            await withGracefulShutdownHandler {
                await feed.news.wait { seat.hasLeft || feed.hasNews(after: position) }
            } onGracefulShutdown: { [seat] in
                seat.leave()
            }
        }
    }
}
