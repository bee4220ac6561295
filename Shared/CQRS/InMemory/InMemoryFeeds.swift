// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Synchronization

/// The feeds of a read model in memory.
final class InMemoryFeeds<Document: ReadModelDocument>: Sendable {
    private final class Feed: Sendable {
        let changes: AsyncStream<DocumentChange<Document>>
        let continuation: AsyncStream<DocumentChange<Document>>.Continuation
        /// Changes not told yet.
        let waiting = Mutex(0)

        init() { (changes, continuation) = AsyncStream.makeStream() }
    }

    private struct State {
        var feeds: [ObjectIdentifier: Feed] = [:]
        var isBroken = false
    }

    private let state = Mutex(State())
    private let mended = Wakeup()

    /// Tells of a change, in the order of the calls.
    func tell(_ change: DocumentChange<Document>) {
        state.withLock { state in
            for feed in state.feeds.values {
                feed.waiting.withLock { $0 += 1 }
                feed.continuation.yield(change)
            }
        }
    }

    func setBroken(_ isBroken: Bool) {
        state.withLock { $0.isBroken = isBroken }
        mended.notify()
    }

    func end() {
        state.withLock { state in for feed in state.feeds.values { feed.continuation.finish() } }
    }

    func follow(_ observer: some ReadModelObserver<Document>) async {
        let feed = Feed()
        state.withLock { $0.feeds[ObjectIdentifier(feed)] = feed }
        defer { state.withLock { $0.feeds[ObjectIdentifier(feed)] = nil } }
        observer.opened { [self] in
            guard !state.withLock({ $0.isBroken }) else { return .broken }
            return feed.waiting.withLock { $0 } == 0 ? .following : .broken
        }
        for await change in feed.changes {
            while state.withLock({ $0.isBroken }), !Task.isCancelled {
                await mended.wait { state.withLock { !$0.isBroken } }
            }
            if Task.isCancelled { return }
            observer.changed(change)
            feed.waiting.withLock { $0 -= 1 }
        }
    }
}
