// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Synchronization

// What a `ChangeReading` asks of its feed.

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

    /// Whether the log has something behind a position.
    func hasNews(after position: FeedPosition) -> Bool {
        state.withLock { $0.log.map { $0.covers(position) && $0.end > position } ?? false }
    }

    /// Where the feed is, if it keeps up.
    var position: FeedPosition? { state.withLock { $0.followedPosition } }

    /// What comes behind a position, from the read model.
    func page(after position: FeedPosition) async throws -> ChangePage<Document> {
        metrics.countPage()
        return try await turns.withTurn(Int.random(in: 0..<4)) {
            try await changes.changes(after: position, limit: 500)
        }
    }
}
