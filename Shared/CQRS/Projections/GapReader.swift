// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Reads from the event store what was not delivered: the next page of each stream, and no more at a time than fits
/// into memory, however long the gaps are.
struct GapReader: Sendable {
    /// The most events of one stream in one call.
    static let pageSize = 1000
    /// The most events of all streams in one call.
    static let roundSize = 4000
    /// The most streams to read at the same time.
    static let concurrency = 16

    let history: any EventHistory

    /// Reads the beginnings of gaps, the shortest first, so that nobody waits for a long one.
    ///
    /// - Parameter gaps: for each stream the versions that are missing.
    /// - Returns: what the store has from the first missing version on, for at least one of the streams. Those for
    ///   which there was no room are absent: read again.
    /// - Throws: what the event store throws.
    func read(_ gaps: [StreamID: ClosedRange<Int64>]) async throws -> [StreamID: [RecordedEvent]] {
        var room = Self.roundSize
        var requests: [(stream: StreamID, version: Int64, limit: Int)] = []
        for (stream, gap) in gaps.sorted(by: { $0.value.count < $1.value.count }) where room > 0 {
            let limit = min(gap.count, Self.pageSize, room)
            room -= limit
            requests.append((stream, gap.lowerBound - 1, limit))
        }
        return try await withThrowingTaskGroup(of: (StreamID, [RecordedEvent]).self) { group in
            var pages: [StreamID: [RecordedEvent]] = [:]
            for (index, request) in requests.enumerated() {
                if index >= Self.concurrency, let (stream, page) = try await group.next() { pages[stream] = page }
                group.addTask {
                    let page = try await history.read(request.stream, after: request.version, limit: request.limit)
                    return (request.stream, page)
                }
            }
            for try await (stream, page) in group { pages[stream] = page }
            return pages
        }
    }
}
