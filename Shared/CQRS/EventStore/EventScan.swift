// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An event store as those see it who need all of it: to make a read model, or to audit one.
public protocol EventScan: EventHistory {
    /// The commits of a category's streams, stream by stream, each in order of version. The order of the streams is the
    /// store's own, and never changes.
    ///
    /// Streams that exist when the first page is read are all found. One that begins meanwhile is found if it is named by an
    /// identifier, for these sort by creation, and perhaps not if it is named by a key: whoever needs it, too, gets its
    /// events by another way, as a queue that was bound before.
    ///
    /// - Parameters:
    ///   - category: the part of the streams' names before the hyphen.
    ///   - range: which streams.
    ///   - position: the last event of the page before, within the range; `nil` for the first page.
    ///   - limit: how many events make a page, at least 1. A page holds whole commits, so it may have a few more; one
    ///     with fewer is the last.
    /// - Throws: an error with a ``FailureCategory``.
    func readAll(
        _ category: String, in range: StreamRange, after position: EventPosition?, limit: Int
    ) async throws -> [Commit]

    /// Which of these streams have events.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    func existing(_ streams: Set<StreamID>) async throws -> Set<StreamID>

    /// Where a range of so many commits ends: the stream of the last of the first `count` commits behind a stream. Cheap:
    /// no event is read for it.
    ///
    /// - Returns: `nil` when there are fewer.
    /// - Throws: an error with a ``FailureCategory``.
    func boundary(_ category: String, after stream: StreamID?, commits count: Int) async throws -> StreamID?

    /// How many commits a category has, about: for showing progress.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    func count(_ category: String) async throws -> Int
}

extension EventScan {
    /// The commits of all streams of a category; see ``readAll(_:in:after:limit:)``.
    public func readAll(
        _ category: String, after position: EventPosition?, limit: Int
    ) async throws -> [Commit] {
        try await readAll(category, in: .all, after: position, limit: limit)
    }
}
