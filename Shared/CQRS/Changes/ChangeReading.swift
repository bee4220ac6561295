// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import ServiceLifecycle
internal import Synchronization

/// What a reader of a ``ChangeFeed`` gets next.
public enum ChangeStep<Line: Sendable>: Sendable {
    /// Changes, in order.
    case lines([Line])
    /// For some time nothing has happened that concerns the reader, who may go on behind this position later.
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

        /// The next step; `nil` at the end.
        ///
        /// - Throws: an error with a ``FailureCategory`` that does not pass.
        public mutating func next() async throws -> ChangeStep<Line>? {
            while !seat.hasLeft, !Task.isCancelled {
                if let step = try await look() {
                    lastStep = .now
                    return step
                }
                await wait()
            }
            return nil
        }

        private mutating func look() async throws -> ChangeStep<Line>? {
            guard let (lines, end, now) = feed.look(after: position) else { return try await readPage() }
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
        private mutating func readPage() async throws -> ChangeStep<Line>? {
            while !seat.hasLeft, !Task.isCancelled {
                do {
                    let page = try await feed.page(after: position)
                    let isLast = page.changes.isEmpty
                    position = page.end
                    let lines = page.changes.compactMap { feed.line($0.change, $0.position)?.value }
                    if !lines.isEmpty { return .lines(lines) }
                    if isLast { return nil }
                } catch is LostFeedPosition {
                    return feed.position.map { lose($0) }
                } catch  where FailureCategory(of: error).isPassing {
                    return nil
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
    ///   when the log does not have everything behind the position.
    func look(after position: FeedPosition) -> (lines: [Line], end: FeedPosition, now: FeedPosition?)? {
        state.withLock { state in
            // Asked before the log: so it cannot be behind a change that the log does not have yet.
            let now = state.feed.flatMap { $0.status() == .following ? $0.position() : nil }
            guard let log = state.log else { return ([], position, nil) }
            guard log.covers(position) else { return nil }
            let (lines, end) = log.lines(after: position, limit: 256)
            return (lines, end, now)
        }
    }

    func hasNews(after position: FeedPosition) -> Bool {
        state.withLock { $0.log.map { $0.covers(position) && $0.end > position } ?? false }
    }

    var position: FeedPosition? { state.withLock { $0.feed?.position() } }

    func page(after position: FeedPosition) async throws -> ChangePage<Document> {
        metrics.countPage()
        return try await turns.withTurn(Int.random(in: 0..<4)) {
            try await changes.changes(after: position, limit: 500)
        }
    }
}
