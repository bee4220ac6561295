// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import ServiceKit
internal import Synchronization

/// Tells any number of consoles what one collector sees. Each snapshot is made, and turned into bytes, once.
final class ConsoleFeed: Sendable {
    private struct State {
        var watchers = 0
        var lastLeft = ContinuousClock.now
        var number = 0
        var latest: ServerSentEvent?
    }

    /// How long the collector goes on when nobody watches: a page that is loaded anew need not begin with nothing.
    private static let linger = Duration.seconds(5)

    let collector: FlowCollector
    private let state = Mutex(State())
    private let demand = Wakeup()
    let news = Wakeup()

    init(_ collector: FlowCollector) { self.collector = collector }

    /// How many watch.
    var watchers: Int { state.withLock { $0.watchers } }

    /// Collects whenever somebody watches, until it is cancelled.
    func run() async {
        while !Task.isCancelled {
            await demand.wait { watchers > 0 }
            guard !Task.isCancelled else { return }
            await withDiscardingTaskGroup { group in
                group.addTask { await self.collector.run { self.tell($0) } }
                while !Task.isCancelled, state.withLock({ $0.watchers > 0 || $0.lastLeft + Self.linger > .now }) {
                    try? await Task.sleep(for: FlowCollector.interval)
                }
                group.cancelAll()
            }
            // Whoever comes next is not shown what was true once.
            state.withLock { $0.latest = nil }
        }
    }

    private func tell(_ snapshot: FlowSnapshot) {
        let data = snapshot.json(watchers: watchers)
        state.withLock { state in
            state.number += 1
            state.latest = ServerSentEvent("snapshot", id: "\(state.number)", data: data)
        }
        news.notify()
    }

    /// The newest snapshot, if it is not the one with that number.
    func latest(after number: Int) -> (event: ServerSentEvent, number: Int)? {
        state.withLock { state in
            guard state.number != number, let latest = state.latest else { return nil }
            return (latest, state.number)
        }
    }

    /// Somebody who watches, until it is let go of.
    final class Seat: Sendable {
        private let feed: ConsoleFeed
        private let left = Atomic(false)

        init(_ feed: ConsoleFeed) {
            self.feed = feed
            feed.state.withLock { $0.watchers += 1 }
            feed.demand.notify()
        }

        deinit {
            feed.state.withLock { state in
                state.watchers -= 1
                state.lastLeft = .now
            }
        }

        var hasLeft: Bool { left.load(ordering: .acquiring) }

        func leave() {
            left.store(true, ordering: .releasing)
            feed.news.notify()
        }
    }
}
