// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSMongoDB
import CQRSServing
import CQRSTesting
import Essentials
import Foundation
import MongoDB
import Synchronization
import TestSupport
import Testing

/// What every feed of a read model's changes must do.
@Suite("The changes of a read model", .timeLimit(.minutes(2)))
struct ReadModelChangesContract {
    private typealias Model = any AuditableReadModel<Note> & ReadModelChanges<Note>

    /// Runs the same test against the one in memory and the one in MongoDB.
    private func withEach(_ body: (Model, Recorder) async throws -> Void) async throws {
        try await following(InMemoryReadModel<Note>(), body)
        guard let uri = try TestEnvironment.mongoURI() else { return }
        let client = try MongoClient(configuration: MongoConfiguration(uri: uri), logger: quietLogger)
        let database = client.database("changes_\(UUID().uuidString.prefix(8))")
        let model = MongoReadModel<Note>(collection: database.collection("notes"), lookups: [Note.byText])
        let result: Result<Void, any Error>
        do { result = .success(try await following(model, body)) } catch { result = .failure(error) }
        try? await database.drop()
        await client.close(within: .zero)
        try result.get()
    }

    private func following(_ model: Model, _ body: (Model, Recorder) async throws -> Void) async throws {
        let recorder = Recorder()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await model.follow(recorder) }
            try await eventually("following") { recorder.status == .following }
            try await body(model, recorder)
            group.cancelAll()
            // Cancellation ends it.
            try await group.waitForAll()
        }
    }

    private func stream() -> StreamID { StreamID(category: "note", id: UUIDv7(at: .now())) }

    @Test("are told in order, with the document as it was written, and nil when it was removed")
    func order() async throws {
        try await withEach { model, recorder in
            let (a, b) = (stream(), stream())
            var expected: [DocumentChange<Note>] = []
            for version in Int64(1)...50 {
                for stream in [a, b] {
                    let note = Note(version == 40 ? nil : "ünï \(version)", version: version, second: version)
                    let change = ReadModelChange(stream: stream, baseVersion: version - 1, document: note)
                    #expect(try await model.write([change]).isEmpty)
                    expected.append(DocumentChange(stream: stream, document: note))
                }
            }
            #expect(try await model.remove(a, at: 50))
            expected.append(DocumentChange(stream: a, document: nil))
            try await eventually("all told") { recorder.changes.count >= expected.count }
            #expect(recorder.changes == expected)
            try await eventually("following") { recorder.status == .following }
        }
    }

    @Test("begin exactly: what is written once the feed is open is told, what was read then is not older")
    func start() async throws {
        try await withEach { model, recorder in
            let stream = stream()
            _ = try await model.write([ReadModelChange(stream: stream, baseVersion: 0, document: Note("a", version: 1))]
            )
            let second = Recorder()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try? await model.follow(second) }
                try await eventually("open") { second.status != nil }
                #expect(try await model.load([stream])[stream]?.version == 1)
                _ = try await model.write([
                    ReadModelChange(stream: stream, baseVersion: 1, document: Note("b", version: 2))
                ])
                try await eventually("told") { second.changes.last?.document?.version == 2 }
                #expect(second.changes.map(\.document?.version) == [2])
                group.cancelAll()
            }
        }
    }

    /// Writes new documents, and waits until a recorder has been told of them.
    private func write(_ count: Int, to model: Model, _ recorder: Recorder) async throws {
        let before = recorder.changes.count
        for number in 0..<count {
            let note = Note("note \(number)", version: 1)
            _ = try await model.write([ReadModelChange(stream: stream(), baseVersion: 0, document: note)])
        }
        // A change counts once its observer has been told, so the feed's position follows a moment later.
        try await eventually("told") {
            guard let position = recorder.position, let last = recorder.positions.last else { return false }
            return recorder.changes.count == before + count && position >= last
        }
    }

    @Test("can be followed from behind any change, or from where a feed was in a quiet moment")
    func resuming() async throws {
        try await withEach { model, recorder in
            let start = try #require(recorder.position)
            try await write(20, to: model, recorder)
            #expect(recorder.positions.sorted() == recorder.positions)
            #expect(start < recorder.positions[0])
            // A change counts only once the observer has been told.
            #expect(recorder.duringChanges.count == 20)
            #expect(zip(recorder.duringChanges, recorder.positions).allSatisfy { $0 < $1 })
            let quiet = try #require(recorder.position)
            try await write(5, to: model, recorder)
            for (position, rest) in [
                (start, 25), (recorder.positions[0], 24), (recorder.positions[12], 12), (quiet, 5),
            ] {
                let position = try #require(FeedPosition(position.description))
                let second = Recorder()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try? await model.follow(second, after: position) }
                    try await eventually("told") { second.changes.count >= rest }
                    #expect(second.changes == recorder.changes.suffix(rest))
                    #expect(second.positions == recorder.positions.suffix(rest))
                    group.cancelAll()
                }
            }
        }
    }

    @Test("can be read page by page, up to now")
    func pages() async throws {
        try await withEach { model, recorder in
            var position = try #require(recorder.position)
            try await write(25, to: model, recorder)
            var found: [DocumentChange<Note>] = []
            for count in [10, 10, 5, 0, 0] {
                let page = try await model.changes(after: position, limit: 10)
                #expect(page.changes.count == count)
                #expect(page.end >= position)
                found += page.changes.map(\.change)
                position = page.end
            }
            #expect(found == recorder.changes)
            try await write(1, to: model, recorder)
            #expect(try await model.changes(after: position, limit: 10).changes.map(\.change) == [recorder.changes[25]])
        }
    }

    @Test("cannot be told behind a position that the read model never had")
    func lost() async throws {
        try await withEach { model, recorder in
            try await write(1, to: model, recorder)
            // The last one begins like one of MongoDB's.
            for place in ["FF", "0123456789ABCDEF", "8265"] {
                let position = try #require(FeedPosition(place: place))
                await #expect(throws: LostFeedPosition.self, "\(place)") {
                    _ = try await model.changes(after: position, limit: 10)
                }
                await #expect(throws: LostFeedPosition.self, "\(place)") {
                    try await model.follow(Recorder(), after: position)
                }
            }
        }
    }

    @Test("are followed though there is always another one")
    func steady() async throws {
        try await withEach { model, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                let stream = stream()
                group.addTask {
                    var version: Int64 = 0
                    while !Task.isCancelled {
                        let note = Note("a", version: version + 1)
                        let change = ReadModelChange(stream: stream, baseVersion: version, document: note)
                        _ = try await model.write([change])
                        version += 1
                        try? await Task.sleep(for: .milliseconds(10))
                    }
                }
                try await eventually("written") { try await model.load([stream])[stream] != nil }
                let second = Recorder()
                group.addTask { try? await model.follow(second) }
                // Sooner than the next pause: there is none.
                try await eventually("following") { second.status == .following }
                group.cancelAll()
            }
        }
    }

    @Test("end when the collection is dropped: nobody can say what was missed")
    func dropped() async throws {
        guard let uri = try TestEnvironment.mongoURI() else { return }
        let client = try MongoClient(configuration: MongoConfiguration(uri: uri), logger: quietLogger)
        let database = client.database("changes_\(UUID().uuidString.prefix(8))")
        let model = MongoReadModel<Note>(collection: database.collection("notes"), lookups: [Note.byText])
        try await model.prepare()
        let recorder = Recorder()
        await #expect(throws: MongoError.self) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await model.follow(recorder) }
                try await eventually("following") { recorder.status == .following }
                try await database.drop()
                try await group.waitForAll()
            }
        }
        await client.close(within: .zero)
    }

    @Test("of MongoDB are broken while the server is cut off or silent, and miss nothing of that time")
    func interrupted() async throws {
        guard let uri = try TestEnvironment.mongoURI() else { return }
        let port = try #require(uri.firstMatch(of: /:(\d+)\//).flatMap { UInt16($0.1) })
        let proxy = try TCPProxy(target: port)
        let direct = try MongoClient(configuration: MongoConfiguration(uri: uri), logger: quietLogger)
        let client = try MongoClient(
            configuration: MongoConfiguration(uri: "mongodb://127.0.0.1:\(proxy.port)/?directConnection=true"),
            logger: quietLogger)
        let name = "changes_\(UUID().uuidString.prefix(8))"
        let database = direct.database(name)
        let writer = MongoReadModel<Note>(collection: database.collection("notes"), lookups: [])
        let model = MongoReadModel<Note>(collection: client.database(name).collection("notes"), lookups: [])
        let stream = stream()
        try await following(model) { _, recorder in
            for (version, isStalled) in [(Int64(1), false), (2, true)] {
                proxy.setRefusing(true)
                if isStalled { proxy.setStalled(true) } else { proxy.cut() }
                try await eventually("broken") { recorder.status == .broken }
                let note = Note("a", version: version)
                _ = try await writer.write([ReadModelChange(stream: stream, baseVersion: version - 1, document: note)])
                #expect(recorder.changes.count == version - 1)
                proxy.setRefusing(false)
                proxy.setStalled(false)
                try await eventually("following", within: .seconds(60)) { recorder.status == .following }
                #expect(recorder.changes.last?.document == note)
            }
            #expect(recorder.changes.count == 2)
        }
        try await database.drop()
        await client.close(within: .zero)
        await direct.close()
        proxy.close()
    }
}

/// Notes what it is told.
private final class Recorder: ReadModelObserver {
    private struct State {
        var feed: OpenFeed?
        var changes: [DocumentChange<Note>] = []
        var positions: [FeedPosition] = []
        /// What the feed said of itself while a change was told.
        var duringChanges: [FeedPosition] = []
    }

    private let state = Mutex(State())
    /// `nil` before the feed is open.
    var status: FeedStatus? { state.withLock { $0.feed }?.status() }
    /// Where the feed is.
    var position: FeedPosition? { state.withLock { $0.feed }?.position() }
    var changes: [DocumentChange<Note>] { state.withLock { $0.changes } }
    /// Where the feed was while each change was told.
    var duringChanges: [FeedPosition] { state.withLock { $0.duringChanges } }
    /// Behind each change.
    var positions: [FeedPosition] { state.withLock { $0.positions } }

    func opened(_ feed: OpenFeed) { state.withLock { $0.feed = feed } }

    func changed(_ change: DocumentChange<Note>, at position: FeedPosition) {
        let now = self.position
        state.withLock { state in
            if let now { state.duringChanges.append(now) }
            state.changes.append(change)
            state.positions.append(position)
        }
    }
}
