// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Cuts a category's streams into ranges with about as many commits each, which can be worked on side by side.
///
/// The ranges follow each other and leave nothing out; the last is open, so that it takes in what begins meanwhile.
public struct StreamPages: Sendable {
    private let events: any EventScan
    private let category: String
    private let size: Int
    private var last: StreamID?
    private var isDone = false

    /// Begins behind a stream.
    ///
    /// - Parameters:
    ///   - last: `nil` to begin with the first stream there is.
    ///   - size: the commits in a range, at least 1; there are more where the last stream has more.
    public init(_ events: any EventScan, category: String, after last: StreamID? = nil, size: Int) {
        self.events = events
        self.category = category
        self.last = last
        self.size = size
    }

    /// The next range, or `nil` after the open one.
    ///
    /// - Throws: what the event store throws.
    public mutating func next() async throws -> StreamRange? {
        guard !isDone else { return nil }
        let end = try await events.boundary(category, after: last, commits: size)
        defer { last = end }
        isDone = end == nil
        return StreamRange(after: last, through: end)
    }

    /// Works on all ranges, a few at a time.
    ///
    /// - Parameters:
    ///   - parallel: the most ranges at a time, at least 1.
    ///   - body: works on one of them.
    ///   - finish: called after each, one call at a time, with the range's number from 0. They finish in any order.
    /// - Throws: the first error of any of them; `CancellationError`.
    public mutating func forEach<Result: Sendable>(
        parallel: Int, _ body: @Sendable @escaping (StreamRange) async throws -> Result,
        finish: (Int, StreamRange, Result) async throws -> Void
    ) async throws {
        var pages = self
        defer { self = pages }
        try await withThrowingTaskGroup(of: (Int, StreamRange, Result).self) { group in
            var started = 0
            var finished = 0
            while true {
                while started - finished < parallel, let range = try await pages.next() {
                    let number = started
                    group.addTask { (number, range, try await body(range)) }
                    started += 1
                }
                guard let (number, range, result) = try await group.next() else { return }
                finished += 1
                try Task.checkCancellation()
                try await finish(number, range, result)
            }
        }
    }
}
