// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSTesting
import Essentials
import Logging
import MongoDB
import Synchronization
import TestSupport
import Testing

@testable import OperatorConsole

@Suite("The feed of consoles", .timeLimit(.minutes(1)))
struct ConsoleFeedTests {
    /// A feed over a store in memory and a broker that is away.
    private func makeFeed(_ scrapes: Counter) throws -> ConsoleFeed {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let mongodb = try MongoClient(
            configuration: try MongoConfiguration(uri: "mongodb://127.0.0.1:1"), logger: logger)
        return ConsoleFeed(
            FlowCollector(
                readModels: ["things"], writers: InMemoryEventStore(), registry: InMemoryGenerationRegistry(),
                broker: try AMQPConfiguration(url: "amqp://127.0.0.1:1"),
                rebuilds: RebuildDesk(actions: ActionLog(database: mongodb.database("none")), logger: logger),
                metrics: {
                    scrapes.add()
                    return []
                }))
    }

    @Test("asks nothing while nobody watches, and once for all who do")
    func once() async throws {
        let scrapes = Counter()
        let feed = try makeFeed(scrapes)
        let run = Task { await feed.run() }
        #expect(scrapes.value == 0)
        var watching = (0..<50).map { _ in ConsoleWatching(feed).makeAsyncIterator() }
        for index in watching.indices {
            // The opening, and the first snapshot.
            #expect(await watching[index].next()?.count == 1)
            #expect(await watching[index].next()?.count == 1)
        }
        #expect(feed.watchers == 50)
        // All fifty were told in less than the time of a few snapshots.
        #expect(scrapes.value < 10)
        watching = []
        #expect(feed.watchers == 0)
        run.cancel()
        await run.value
    }

    @Test("says what it knows while the broker is away, and that it is")
    func away() async throws {
        let feed = try makeFeed(Counter())
        let seen = Mutex<[FlowSnapshot]>([])
        let run = Task { await feed.collector.run { snapshot in seen.withLock { $0.append(snapshot) } } }
        try await eventually("the trouble is told") {
            seen.withLock { $0.last?.brokerTrouble != nil && $0.last?.write != nil }
        }
        run.cancel()
        await run.value
        let last = try #require(seen.withLock { $0.last })
        #expect(last.writeTrouble == nil)
        let json = try #require(try JSON.parseObject(last.json(watchers: 1)))
        #expect(json["unrouted"] == nil)
    }

    @Test("ends for who has left")
    func leaving() async throws {
        let feed = try makeFeed(Counter())
        let watching = ConsoleWatching(feed)
        var iterator = watching.makeAsyncIterator()
        _ = await iterator.next()
        watching.seat.leave()
        #expect(await iterator.next() == nil)
    }
}
