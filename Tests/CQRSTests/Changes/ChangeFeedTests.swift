// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRSTesting
import Essentials
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import CQRS
@testable import CQRSServing

@Suite("A feed of changes", .timeLimit(.minutes(1)))
struct ChangeFeedTests {
    private typealias Feed = ChangeFeed<Slip, String>

    private let model = InMemoryReadModel<Slip>()

    private func withFeed(
        _ changes: (any ReadModelChanges<Slip>)? = nil, capacityBytes: Int = 1 << 20,
        heartbeat: Duration = .seconds(60), _ body: (Feed) async throws -> Void
    ) async throws {
        let source: any ReadModelChanges<Slip> = changes ?? model
        let feed = Feed(
            "slips", changes: source, capacityBytes: capacityBytes, heartbeat: heartbeat,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        ) { change, _ in change.document?.text.map { ($0, 100) } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await feed.run() }
            try await body(feed)
            group.cancelAll()
        }
    }

    /// Writes new documents.
    private func write(_ texts: some Sequence<String?>) async {
        for text in texts {
            let stream = StreamID(category: "slip", id: UUIDv7(at: .now()))
            let slip = Slip(id: stream.name, text: text, version: 1, updatedAt: .now())
            _ = await model.write([ReadModelChange(stream: stream, baseVersion: 0, document: slip)])
        }
    }

    private func texts(_ numbers: ClosedRange<Int>) -> [String] { numbers.map(String.init) }

    /// Reads until a line comes.
    private func read(
        _ reading: ChangeReading<Slip, String>, until last: String
    ) async throws -> [String] {
        try await within(.seconds(30)) {
            var found: [String] = []
            for await step in reading {
                guard case .lines(let lines) = step else { continue }
                found += lines
                if found.last == last { break }
            }
            return found
        }
    }

    @Test("tells every reader of each change from its beginning on, in order")
    func readers() async throws {
        try await withFeed { feed in
            await write(texts(1...3))
            let first = try await feed.read(after: nil)
            await write(texts(4...6))
            // A feed begins where it is, which may be a moment behind.
            try await eventually("told") { feed.state.withLock { $0.log?.count } == 3 }
            let second = try await feed.read(after: nil)
            // Nobody is told of this one.
            await write([nil])
            await write(texts(7...9))
            #expect(try await read(first, until: "9") == texts(4...9))
            #expect(try await read(second, until: "9") == texts(7...9))
        }
    }

    @Test("goes on where a reader left off, though the log begins later or has gone")
    func resuming() async throws {
        for capacityBytes in [1 << 20, 3000, 0] {
            try await withFeed(capacityBytes: capacityBytes) { feed in
                let start = try await feed.read(after: nil).start
                await write(texts(1...2000))
                let late = try await feed.read(after: start)
                #expect(try await read(late, until: "2000") == texts(1...2000))
                // A reader that has just come keeps the feed open; the position is from before.
                try await withFeed(capacityBytes: capacityBytes) { other in
                    let again = try await other.read(after: start)
                    #expect(try await read(again, until: "2000") == texts(1...2000))
                }
            }
        }
    }

    @Test("brings up a reader who is slow, and keeps no more because of it")
    func slow() async throws {
        try await withFeed(capacityBytes: 4000) { feed in
            let reading = try await feed.read(after: nil)
            var iterator = reading.makeAsyncIterator()
            var found: [String] = []
            for round in 0..<20 {
                await write(texts((round * 100 + 1)...(round * 100 + 100)))
                if case .lines(let lines)? = await iterator.next() { found += lines }
                #expect(feed.state.withLock { $0.log?.bytes ?? 0 } <= 4000)
            }
            while found.count < 2000, case .lines(let lines)? = await iterator.next() { found += lines }
            #expect(found == texts(1...2000))
        }
    }

    @Test("loses nothing while it is cut off, and when it has to begin again")
    func interrupted() async throws {
        try await withFeed { feed in
            let reading = try await feed.read(after: nil)
            await write(texts(1...3))
            model.setFeedsBroken(true)
            await write(texts(4...6))
            model.setFeedsBroken(false)
            await write(texts(7...9))
            model.endFeeds()
            await write(texts(10...12))
            #expect(try await read(reading, until: "12") == texts(1...12))
        }
    }

    @Test("says when changes may be missing, once, and goes on from then")
    func lost() async throws {
        try await withFeed { feed in
            let start = try await feed.read(after: nil).start
            await write(texts(1...3))
            try await eventually("told") { feed.state.withLock { $0.log?.count } == 3 }
            model.forgetChanges()
            try await withFeed { other in
                var iterator = try await other.read(after: start).makeAsyncIterator()
                guard case .lost? = await iterator.next() else { throw Unexpected() }
                await write(texts(4...4))
                guard case .lines(let lines)? = await iterator.next() else { throw Unexpected() }
                #expect(lines == ["4"])
            }
        }
    }

    @Test("goes on behind a change that nobody understands, and says that something is missing")
    func notUnderstood() async throws {
        let changes = FaultyChanges(model: model, fault: .malformed)
        try await withFeed(changes) { feed in
            var iterator = try await feed.read(after: nil).makeAsyncIterator()
            await write(texts(1...1))
            guard case .lines(["1"])? = await iterator.next() else { throw Unexpected() }
            model.endFeeds()
            try await eventually("resuming") { changes.resumptions.value == 1 }
            await write(texts(2...2))
            changes.gate.open()
            guard case .lost? = await iterator.next() else { throw Unexpected() }
            await write(texts(3...3))
            guard case .lines(["3"])? = await iterator.next() else { throw Unexpected() }
        }
    }

    @Test("ends a reading at a graceful shutdown though there is always more to read, or nothing comes")
    func shutdownWhileBehind() async throws {
        for fault in [FaultyChanges.Fault.endless, .silent] {
            let changes = FaultyChanges(model: model, fault: fault)
            try await withFeed(changes, capacityBytes: 0) { feed in
                let start = try await feed.read(after: nil).start
                await write(texts(1...3))
                try await eventually("told") { feed.state.withLock { $0.log.map { $0.start > start } } ?? false }
                let reading = try await feed.read(after: start)
                let group = ServiceGroup(
                    services: [Reader(reading: reading)],
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
                async let run: Void = within(.seconds(30)) { try await group.run() }
                try await eventually("reading") { changes.pages.value > 0 }
                await group.triggerGracefulShutdown()
                try await run
            }
        }
    }

    @Test("says where a reader may go on when nothing happens")
    func quiet() async throws {
        try await withFeed(heartbeat: .milliseconds(50)) { feed in
            let reading = try await feed.read(after: nil)
            var iterator = reading.makeAsyncIterator()
            guard case .nothing(until: reading.start)? = await iterator.next() else { throw Unexpected() }
            // It takes no room in the log, and moves the reader on.
            await write([nil])
            try await eventually("behind the change") {
                guard case .nothing(let position)? = await iterator.next() else { throw Unexpected() }
                return position > reading.start
            }
        }
    }

    @Test("finds that a position is of another database")
    func ahead() async throws {
        try await withFeed(heartbeat: .milliseconds(50)) { feed in
            let far = try #require(FeedPosition(place: "FFFFFFFFFFFFFF"))
            let reading = try await feed.read(after: far)
            var iterator = reading.makeAsyncIterator()
            guard case .lost(let position)? = await iterator.next() else { throw Unexpected() }
            #expect(position < far)
        }
    }

    @Test("ends a reading when its reader leaves and at a graceful shutdown")
    func leaving() async throws {
        try await withFeed { feed in
            let reading = try await feed.read(after: nil)
            async let end: Void = within(.seconds(30)) { for await _ in reading {} }
            reading.leave()
            try await end
            let other = try await feed.read(after: nil)
            let group = ServiceGroup(
                services: [Reader(reading: other)], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            async let run: Void = within(.seconds(30)) { try await group.run() }
            await group.triggerGracefulShutdown()
            try await run
        }
    }

    @Test("is unavailable when it does not open in time")
    func closed() async throws {
        let feed = Feed("slips", changes: model, capacityBytes: 1, logger: Logger(label: "test")) { _, _ in nil }
        // Nobody runs it.
        let error = await #expect(throws: (any Error).self) {
            try await feed.read(after: nil, patience: .milliseconds(20))
        }
        #expect(error.map { FailureCategory(of: $0) } == .unavailable)
        #expect(feed.state.withLock { $0.readers } == 0)
    }

    private struct Reader: Service {
        let reading: ChangeReading<Slip, String>

        func run() async throws { for await _ in reading {} }
    }

    private struct Unexpected: Error {}

    /// The changes of a model that cannot be resumed, or whose pages are of no use.
    private struct FaultyChanges: ReadModelChanges {
        enum Fault {
            case malformed, endless, silent
        }

        let model: InMemoryReadModel<Slip>
        let fault: Fault
        let pages = TestSupport.Counter()
        let resumptions = TestSupport.Counter()
        /// Holds up who resumes.
        let gate = Gate()

        func follow(_ observer: some ReadModelObserver<Slip>, after position: FeedPosition?) async throws {
            if fault == .malformed, position != nil {
                resumptions.add()
                await gate.pass()
                throw MalformedEvent(.invalidData, "nobody understands it")
            }
            try await model.follow(observer, after: position)
        }

        func changes(after position: FeedPosition, limit: Int) async throws -> ChangePage<Slip> {
            pages.add()
            switch fault {
            case .malformed: throw MalformedEvent(.invalidData, "nobody understands it")
            case .endless:
                let page = try await model.changes(after: position, limit: 1)
                return ChangePage(changes: page.changes, end: position)
            case .silent:
                // Never answers by itself: only cancellation ends it.
                try await Task.sleep(for: .seconds(3600))
                throw CancellationError()
            }
        }
    }
}
