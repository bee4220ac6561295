// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import CQRSServing
import CQRSTesting
import Essentials
import Foundation
import Synchronization
import TestSupport
import Testing

/// What a near cache relies on, whoever passes notices on.
@Suite("What the writers of a read model tell", .timeLimit(.minutes(2)))
struct ReadModelNoticesContract {
    /// Tells, as a writer does.
    private typealias Tell = @Sendable ([ChangeNotice]) async throws -> Void

    /// Runs the same test against memory and the broker.
    private func withEach(_ body: (any ReadModelNotices, Tell) async throws -> Void) async throws {
        let model = InMemoryReadModel<Note>()
        try await body(model) { notices in
            for notice in notices { await model.put(notice) }
        }
        guard let url = try TestEnvironment.amqpURL() else { return }
        let configuration = try AMQPConfiguration(url: url)
        let name = "notes_\(UUID().uuidString.prefix(8))"
        try await Self.feeding(configuration, readModels: [name]) { feed, publisher in
            let told = AMQPChangeNotices(publisher: publisher, readModel: name, generation: .first)
            try await body(feed.notices(of: name, .first)) { try await told.tell($0) }
        }
    }

    /// Runs a feed, and a publisher for those who tell.
    private static func feeding(
        _ configuration: AMQPConfiguration, readModels: [String],
        _ body: (AMQPNoticeFeed, AMQPPublisher) async throws -> Void
    ) async throws {
        let feed = AMQPNoticeFeed(configuration: configuration, logger: quietLogger)
        for readModel in readModels { feed.follow(readModel) }
        let publisher = AMQPPublisher(
            configuration: configuration, topology: NoticeTopology.topology, logger: quietLogger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await feed.run() }
            group.addTask { try? await publisher.run() }
            try await body(feed, publisher)
            group.cancelAll()
        }
    }

    /// Follows with a recorder, again and again as near caches do, until the body is done.
    private func following(_ notices: any ReadModelNotices, _ body: (Recorder) async throws -> Void) async throws {
        let recorder = Recorder()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    try? await notices.follow(recorder)
                    recorder.ended()
                    await Task.yield()
                }
            }
            try await eventually("following") { recorder.status == .following }
            try await body(recorder)
            group.cancelAll()
            // Cancellation ends it.
            try await group.waitForAll()
        }
    }

    private func stream() -> StreamID { StreamID(category: "note", id: UUIDv7(at: .now())) }

    private func notice(_ stream: StreamID, _ version: Int64?) -> ChangeNotice {
        ChangeNotice(
            stream: stream,
            age: version.map { DocumentAge(updatedAt: Timestamp(millisecondsSinceEpoch: 1000 + $0), version: $0) })
    }

    @Test("is passed on to each who follows, in order, removals too, and counts once it is told")
    func order() async throws {
        try await withEach { notices, tell in
            try await following(notices) { first in
                try await following(notices) { second in
                    let (a, b) = (stream(), stream())
                    var expected: [ChangeNotice] = []
                    for version in Int64(1)...30 {
                        let batch = [notice(a, version), notice(b, version)]
                        try await tell(batch)
                        expected += batch
                    }
                    try await tell([notice(a, nil)])
                    expected.append(notice(a, nil))
                    for recorder in [first, second] {
                        try await eventually("all told") { recorder.told.count >= expected.count }
                        #expect(recorder.told == expected)
                        #expect(recorder.openings == 1)
                        try await eventually("following") { recorder.status == .following }
                    }
                }
            }
        }
    }

    @Test("may be much at once")
    func bulk() async throws {
        try await withEach { notices, tell in
            try await following(notices) { recorder in
                let expected = (0..<2500).map { _ in notice(stream(), 1) }
                try await tell(expected)
                try await eventually("all told") { recorder.told.count >= expected.count }
                #expect(recorder.told == expected)
            }
        }
    }

    @Test("begins when it is opened, with nothing from before")
    func start() async throws {
        try await withEach { notices, tell in
            let stream = stream()
            try await tell([notice(stream, 1)])
            try await following(notices) { recorder in
                #expect(recorder.told.isEmpty)
                try await tell([notice(stream, 2)])
                try await eventually("told") { recorder.told.count == 1 }
                #expect(recorder.told == [notice(stream, 2)])
            }
        }
    }

    @Test("is told to those who follow this generation of this read model alone")
    func selection() async throws {
        guard let url = try TestEnvironment.amqpURL() else { return }
        let configuration = try AMQPConfiguration(url: url)
        let names = ["a", "b"].map { "\($0)_\(UUID().uuidString.prefix(8))" }
        try await Self.feeding(configuration, readModels: names) { feed, publisher in
            try await following(feed.notices(of: names[0], .first)) { first in
                try await following(feed.notices(of: names[1], Generation(2))) { second in
                    let stream = stream()
                    for (name, number) in [(names[0], 2), (names[1], 1), (names[0], 1), (names[1], 2)] {
                        let told = AMQPChangeNotices(
                            publisher: publisher, readModel: name, generation: Generation(number))
                        try await told.tell([notice(stream, Int64(number))])
                    }
                    try await eventually("told") { !first.told.isEmpty && !second.told.isEmpty }
                    #expect(first.told == [notice(stream, 1)])
                    #expect(second.told == [notice(stream, 2)])
                }
            }
        }
    }

    @Test(
        "is broken while the way is cut or silent, and begins anew afterwards: all that was told is passed on, or that")
    func cut() async throws {
        guard let url = try TestEnvironment.amqpURL() else { return }
        let configuration = try AMQPConfiguration(url: url)
        let name = "notes_\(UUID().uuidString.prefix(8))"
        let proxy = try TCPProxy(target: configuration.addresses[0].port)
        var wired = configuration
        wired.addresses[0].port = proxy.port
        try await Self.feeding(configuration, readModels: []) { _, publisher in
            let told = AMQPChangeNotices(publisher: publisher, readModel: name, generation: .first)
            try await Self.feeding(wired, readModels: [name]) { feed, _ in
                try await following(feed.notices(of: name, .first)) { recorder in
                    var openings = 1
                    for isSilent in [true, false, true] {
                        let stream = stream()
                        proxy.setRefusing(true)
                        if isSilent { proxy.setStalled(true) } else { proxy.cut() }
                        try await eventually("broken") { recorder.status != .following }
                        // Who tells is not held up.
                        try await told.tell([notice(stream, 1)])
                        proxy.setRefusing(false)
                        proxy.setStalled(false)
                        openings += 1
                        try await eventually("opened anew") {
                            recorder.status == .following && recorder.openings >= openings
                        }
                        openings = recorder.openings
                        try await told.tell([notice(stream, 2)])
                        try await eventually("told") { recorder.told.last == notice(stream, 2) }
                    }
                }
            }
        }
        proxy.close()
    }

    @Test("that cannot be read makes everybody begin anew")
    func malformed() async throws {
        guard let url = try TestEnvironment.amqpURL() else { return }
        let configuration = try AMQPConfiguration(url: url)
        let name = "notes_\(UUID().uuidString.prefix(8))"
        try await Self.feeding(configuration, readModels: [name]) { feed, publisher in
            try await following(feed.notices(of: name, .first)) { recorder in
                for (count, body) in [
                    "", "[]", #"{"generation":0,"changed":[]}"#, #"{"generation":1,"changed":[["x"]]}"#,
                ]
                .enumerated() {
                    try await publisher.publish(
                        AMQPMessage(exchange: NoticeTopology.exchange, routingKey: name, body: Array(body.utf8)))
                    try await eventually("anew") {
                        recorder.openings >= count + 2 && recorder.status == .following
                    }
                }
                #expect(recorder.told.isEmpty)
            }
        }
    }
}

extension InMemoryReadModel<Note> {
    /// Writes what makes the writer tell this.
    fileprivate func put(_ notice: ChangeNotice) async {
        let present = await load([notice.stream])[notice.stream]
        guard let age = notice.age else {
            _ = await remove(notice.stream, at: present?.version ?? 0)
            return
        }
        var note = Note("", version: age.version)
        note.updatedAt = age.updatedAt
        _ = await write([ReadModelChange(stream: notice.stream, baseVersion: present?.version ?? 0, document: note)])
    }
}

/// Notes what it is told.
private final class Recorder: NoticeObserver {
    private struct State {
        var status: (@Sendable () -> FeedStatus)?
        var told: [ChangeNotice] = []
        var openings = 0
    }

    private let state = Mutex(State())

    var status: FeedStatus? { state.withLock { $0.status }?() }
    var told: [ChangeNotice] { state.withLock { $0.told } }
    var openings: Int { state.withLock { $0.openings } }

    func opened(_ status: @escaping @Sendable () -> FeedStatus) {
        state.withLock { state in
            state.status = status
            state.openings += 1
        }
    }

    func ended() { state.withLock { $0.status = nil } }

    func told(_ notices: [ChangeNotice]) { state.withLock { $0.told += notices } }
}
