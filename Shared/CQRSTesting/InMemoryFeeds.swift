// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import CQRSServing
internal import DequeModule
internal import Essentials
internal import Synchronization

/// The feeds of a read model in memory.
final class InMemoryFeeds<Document: ReadModelDocument>: Sendable {
    private struct State {
        /// The last changes.
        var history: Deque<DocumentChange<Document>> = []
        /// How many there were before those.
        var forgotten = 0
        var isBroken = false
        /// How often all feeds were ended.
        var endings = 0

        var count: Int { forgotten + history.count }

        /// The number of changes before a position.
        func number(of position: FeedPosition) throws(LostFeedPosition) -> Int {
            guard let number = Int(position.place, radix: 16), (forgotten...count).contains(number) else {
                throw LostFeedPosition()
            }
            return number
        }
    }

    private static var historyLimit: Int { 100_000 }

    private let state = Mutex(State())
    private let news = Wakeup()

    /// Tells of a change, in the order of the calls.
    func tell(_ change: DocumentChange<Document>) {
        state.withLock { state in
            state.history.append(change)
            if state.history.count > Self.historyLimit {
                state.history.removeFirst()
                state.forgotten += 1
            }
        }
        news.notify()
    }

    func setBroken(_ isBroken: Bool) {
        state.withLock { $0.isBroken = isBroken }
        news.notify()
    }

    func end() {
        state.withLock { $0.endings += 1 }
        news.notify()
    }

    func forget() {
        state.withLock { state in
            state.forgotten = state.count
            state.history = []
        }
    }

    func follow(_ observer: some ReadModelObserver<Document>, after position: FeedPosition?) async throws {
        let (start, endings) = try state.withLock { state in
            (try position.map { try state.number(of: $0) } ?? state.count, state.endings)
        }
        let progress = Progress(told: start)
        observer.opened(
            OpenFeed(
                status: { [self] in
                    state.withLock { $0.isBroken || $0.count > progress.told.withLock { $0 } ? .broken : .following }
                }, position: { Self.position(progress.told.withLock { $0 }) }))
        while let next = try await next(behind: progress.told.withLock { $0 }, until: endings) {
            observer.changed(next.change, at: Self.position(next.number))
            progress.told.withLock { $0 = next.number }
        }
    }

    func changes(after position: FeedPosition, limit: Int) throws -> ChangePage<Document> {
        try state.withLock { state in
            let start = try state.number(of: position)
            let found = Array(state.history.dropFirst(start - state.forgotten).prefix(limit))
            return ChangePage(
                changes: found.enumerated().map { ($1, Self.position(start + $0 + 1)) },
                end: Self.position(start + found.count))
        }
    }

    /// How many changes were told by a feed.
    private final class Progress: Sendable {
        let told: Mutex<Int>

        init(told: Int) { self.told = Mutex(told) }
    }

    private enum Look {
        case change(DocumentChange<Document>)
        case nothing
        case end
    }

    /// Waits for the next change. Returns `nil` at the end of all feeds, and when the task is cancelled.
    private func next(
        behind number: Int, until endings: Int
    ) async throws -> (change: DocumentChange<Document>, number: Int)? {
        func look() throws(LostFeedPosition) -> Look {
            try state.withLock { state throws(LostFeedPosition) in
                guard !state.isBroken else { return .nothing }
                guard number >= state.forgotten else { throw LostFeedPosition() }
                guard number == state.count else { return .change(state.history[number - state.forgotten]) }
                return state.endings == endings ? .nothing : .end
            }
        }
        while !Task.isCancelled {
            switch try look() {
            case .change(let change): return (change, number + 1)
            case .end: return nil
            case .nothing:
                await news.wait {
                    if case .nothing? = try? look() { false } else { true }
                }
            }
        }
        return nil
    }

    private static func position(_ number: Int) -> FeedPosition {
        let digits = String(number, radix: 16, uppercase: true)
        guard let position = FeedPosition(place: String(repeating: "0", count: 16 - digits.count) + digits) else {
            preconditionFailure("sixteen hexadecimal digits are a place")
        }
        return position
    }
}
