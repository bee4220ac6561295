// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import ServiceKit
internal import ServiceLifecycle

/// What one console is sent: the newest snapshot, and the next once there is one. Whoever is slow misses some; each is
/// whole, so nothing has to be resumed.
struct ConsoleWatching: AsyncSequence, Sendable {
    let feed: ConsoleFeed
    let seat: ConsoleFeed.Seat

    init(_ feed: ConsoleFeed) {
        self.feed = feed
        seat = ConsoleFeed.Seat(feed)
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(feed: feed, seat: seat) }

    struct AsyncIterator: AsyncIteratorProtocol {
        let feed: ConsoleFeed
        let seat: ConsoleFeed.Seat
        var number: Int?

        mutating func next() async -> [ServerSentEvent]? {
            guard let number else {
                self.number = 0
                return [.opening(id: "0", retry: .seconds(2))]
            }
            while !Task.isCancelled, !seat.hasLeft {
                if let (event, newest) = feed.latest(after: number) {
                    self.number = newest
                    return [event]
                }
                await withGracefulShutdownHandler {
                    await feed.news.wait { seat.hasLeft || feed.latest(after: number) != nil }
                } onGracefulShutdown: { [seat] in
                    seat.leave()
                }
            }
            return nil
        }
    }
}
