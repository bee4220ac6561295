// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule

/// The last changes of a feed, ready to be sent to any number of readers; each reader just knows its position.
///
/// A value that decides; ``ChangeFeed`` holds the lock. However many read, and however slowly, only this is kept: who has
/// fallen behind its beginning reads on elsewhere.
struct ChangeLog<Line: Sendable>: Sendable {
    private struct Entry {
        let position: FeedPosition
        let line: Line
        let sizeBytes: Int
    }

    /// What an entry costs besides its line: its position's text and what the allocator adds.
    private static var overheadBytes: Int { 320 }

    private let capacityBytes: Int
    private var entries: Deque<Entry> = []
    private(set) var bytes = 0
    /// Everything behind this is here.
    private(set) var start: FeedPosition
    /// The last change, whether it is kept or not.
    private(set) var end: FeedPosition

    /// A log that begins at a position.
    ///
    /// - Parameter capacityBytes: the most that lines may take, about.
    init(from start: FeedPosition, capacityBytes: Int) {
        self.start = start
        self.capacityBytes = capacityBytes
        end = start
    }

    var count: Int { entries.count }

    /// Takes in the next change.
    ///
    /// - Parameter line: `nil` for a change that nobody is told of.
    mutating func append(_ line: (value: Line, sizeBytes: Int)?, at position: FeedPosition) {
        end = position
        guard let line else { return }
        let entry = Entry(position: position, line: line.value, sizeBytes: line.sizeBytes + Self.overheadBytes)
        entries.append(entry)
        bytes += entry.sizeBytes
        while bytes > capacityBytes, let oldest = entries.popFirst() {
            bytes -= oldest.sizeBytes
            start = oldest.position
        }
    }

    /// Whether everything behind a position is here.
    func covers(_ position: FeedPosition) -> Bool { position.generation == start.generation && position >= start }

    /// What comes behind a position that is covered.
    ///
    /// - Parameter limit: the most lines to return, from 1.
    /// - Returns: the lines, none if there is nothing new, and where to go on.
    func lines(after position: FeedPosition, limit: Int) -> (lines: [Line], end: FeedPosition) {
        let first = firstIndex(after: position)
        let found = entries[first..<min(first + limit, entries.count)]
        guard found.endIndex < entries.count, let last = found.last else {
            return (found.map(\.line), max(position, end))
        }
        return (found.map(\.line), last.position)
    }

    private func firstIndex(after position: FeedPosition) -> Int {
        // Most readers are near the end.
        guard let last = entries.last, last.position > position else { return entries.count }
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].position > position { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
