// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials
internal import ServiceLifecycle
internal import Synchronization

/// What a reader of a ``ChangeFeed`` gets next.
public enum ChangeStep<Line: Sendable>: Sendable {
    /// Changes, in order.
    case lines([Line])
    /// For some time there was nothing to tell; the reader may go on behind this position later.
    case nothing(until: FeedPosition)
    /// Changes may be missing here: begin anew. What follows comes behind this position.
    case lost(FeedPosition)
}

/// The changes of a ``ChangeFeed`` as one reader gets them. Ends when the reader leaves, its task is cancelled, or at a
/// graceful shutdown.
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

        private mutating func look() async -> ChangeStep<Line>? {
            guard let (lines, end, now) = feed.look(after: position) else { return await readPage() }
            position = end
            return lines.isEmpty ? quiet(now) : .lines(lines)
        }

        private mutating func quiet(_ now: FeedPosition?) -> ChangeStep<Line>? {
            guard lastStep + feed.heartbeat <= .now else { return nil }
            guard let now else { return .nothing(until: position) }
            // Another process may have been ahead, but not for that long: the position is of another database.
            if now < position { return lose(now) }
            position = now
            return .nothing(until: now)
        }

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

extension ChangeFeed {
    /// Looks for what comes behind a position.
    ///
    /// - Returns: the lines, none if there is nothing new; where to go on; and where the feed is, if it keeps up. `nil`
    ///   when the log does not have everything behind the position, and the read model can be asked.
    func look(after position: FeedPosition) -> (lines: [Line], end: FeedPosition, now: FeedPosition?)? {
        state.withLock { state in
            // It is behind no change that the log does not have: a change counts once the observer has been told.
            let now = state.followedPosition
            guard let log = state.log else { return ([], position, nil) }
            // While the feed is cut off, a page would be, too.
            guard log.covers(position) else { return now == nil ? ([], position, nil) : nil }
            let (lines, end) = log.lines(after: position, limit: 256)
            return (lines, end, now)
        }
    }

    func hasNews(after position: FeedPosition) -> Bool {
        state.withLock { $0.log.map { $0.covers(position) && $0.end > position } ?? false }
    }

    /// Where the feed is, if it keeps up.
    var position: FeedPosition? { state.withLock { $0.followedPosition } }

    func page(after position: FeedPosition) async throws -> ChangePage<Document> {
        metrics.countPage()
        return try await turns.withTurn(Int.random(in: 0..<4)) {
            try await changes.changes(after: position, limit: 500)
        }
    }
}
