// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials
public import Logging
public import ServiceLifecycle
internal import Synchronization

/// Tells any number of readers of a read model's changes, each from where it left off.
///
/// Run it beside its readers. It follows the read model while there are any, once for all of them, and keeps the last
/// changes (``ChangeLog``). A reader takes from there; one who comes back after a while, or is slow, first reads what it
/// missed from the read model, page by page. So memory is bounded by the log alone, whatever the readers do.
///
/// While the feed is cut off readers wait; nothing is lost. When a reader's position cannot be found any more it is told so
/// (``ChangeStep/lost(_:)``), and goes on from now.
public final class ChangeFeed<Document: ReadModelDocument, Line: Sendable>: Service {
    struct State {
        /// `nil` until a feed has opened, and when where it was cannot be found any more.
        var log: ChangeLog<Line>?
        /// The open feed, if any.
        var feed: OpenFeed?
        var readers = 0
        var lastLeft = ContinuousClock.now

        /// Where the feed is, if it keeps up.
        var followedPosition: FeedPosition? { feed.flatMap { $0.status() == .following ? $0.position() : nil } }
    }

    /// How long the feed is kept for readers that come back.
    static var linger: Duration { .seconds(30) }

    let changes: any ReadModelChanges<Document>
    let capacityBytes: Int
    let heartbeat: Duration
    let line: @Sendable (DocumentChange<Document>, FeedPosition) -> (value: Line, sizeBytes: Int)?
    let logger: Logger
    let metrics: ChangeFeedMetrics
    let state = Mutex(State())
    /// A first reader came.
    let demand = Wakeup()
    /// Something new for readers.
    let news = Wakeup()
    /// Readers who read pages do so a few at a time: each takes a connection to the database.
    let turns = KeyedSemaphore<Int>()

    /// A feed without readers.
    ///
    /// - Parameters:
    ///   - name: the read model's permanent name, a label of the metrics.
    ///   - changes: the read model's changes.
    ///   - capacityBytes: the most memory to use for the last changes, about.
    ///   - heartbeat: after how long without a change a reader is told that it misses nothing.
    ///   - logger: for feeds that break.
    ///   - line: what readers get, and the memory it takes in bytes; `nil` for changes that concern nobody.
    public init(
        _ name: String, changes: some ReadModelChanges<Document>, capacityBytes: Int,
        heartbeat: Duration = .seconds(15), logger: Logger,
        line: @escaping @Sendable (DocumentChange<Document>, FeedPosition) -> (value: Line, sizeBytes: Int)?
    ) {
        self.changes = changes
        self.capacityBytes = capacityBytes
        self.heartbeat = heartbeat
        self.line = line
        self.logger = logger
        metrics = ChangeFeedMetrics(readModel: name)
    }

    /// How many read.
    public var readers: Int { state.withLock { $0.readers } }

    /// Begins to read.
    ///
    /// - Parameters:
    ///   - position: where a reader left off; `nil` for now, which only an open feed can tell.
    ///   - patience: how long to wait for the feed to open.
    /// - Throws: an error of category ``FailureCategory/unavailable`` when it does not; `CancellationError`.
    public func read(
        after position: FeedPosition?, patience: Duration = .seconds(2)
    ) async throws -> ChangeReading<Document, Line> {
        let seat = Seat(self)
        if let position { return ChangeReading(feed: self, seat: seat, start: position) }
        guard let now = try await openPosition(within: patience) else { throw ClosedFeed() }
        return ChangeReading(feed: self, seat: seat, start: now)
    }

    /// A reader, from the beginning to the end of its reading.
    final class Seat: Sendable {
        private let feed: ChangeFeed
        private let left = Atomic(false)

        init(_ feed: ChangeFeed) {
            self.feed = feed
            feed.state.withLock { $0.readers += 1 }
            feed.demand.notify()
        }

        deinit {
            feed.state.withLock { state in
                state.readers -= 1
                state.lastLeft = .now
            }
        }

        var hasLeft: Bool { left.load(ordering: .acquiring) }

        func leave() {
            left.store(true, ordering: .releasing)
            feed.news.notify()
        }
    }

    /// Where the feed is once it is open.
    private func openPosition(within patience: Duration) async throws -> FeedPosition? {
        @Sendable func position() -> FeedPosition? { state.withLock { $0.log == nil ? nil : $0.feed?.position() } }
        return try await withThrowingTaskGroup(of: FeedPosition?.self) { group in
            group.addTask { [news] in
                while !Task.isCancelled {
                    if let position = position() { return position }
                    await news.wait { position() != nil }
                }
                return nil
            }
            group.addTask {
                try await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private struct ClosedFeed: CategorizedError, CustomStringConvertible {
        var category: FailureCategory { .unavailable }
        var description: String { "the feed of changes is not open" }
    }
}
