// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRSTesting
import Essentials
import TestSupport
import Testing

@testable import CQRS

@Suite("A relay", .timeLimit(.minutes(1)))
struct RelayTests {
    private let broker = SwitchedBroker()

    @Test("publishes what is appended, in the order of each stream, and leaves nothing behind")
    func publishes() async throws {
        let store = InMemoryEventStore()
        let streams = (0..<10).map { _ in makeStream() }
        try await withRelay(store, broker) { outbox in
            for version in Int64(1)...20 {
                for stream in streams {
                    #expect(try await append(.count(stream, version, adding: 1), to: outbox) == .appended)
                }
            }
            try await eventually("published") { broker.taken.count == 200 }
        }
        for stream in streams {
            #expect(broker.taken.filter { $0.stream == stream }.map(\.version) == Array(1...20))
        }
        #expect(await store.takeOver(for: WriterID(), silentFor: .zero) == nil)
    }

    @Test("publishes the events of a commit in order, and none of what follows before all of them are taken")
    func commits() async throws {
        let stream = makeStream()
        let commit = Commit.count(stream, 2, adding: 1, 1, 1)
        broker.refuse(commit.events[1].id)
        var settings = quickSettings
        settings.setAsidePauses = .milliseconds(20)...(.milliseconds(100))
        let store = InMemoryEventStore()
        try await withRelay(store, broker, settings) { outbox in
            _ = try await append(.count(stream, 1, adding: 1), to: outbox)
            _ = try await append(commit, to: outbox)
            try await eventually("refused") { broker.refusals > 0 }
            _ = try await append(.count(stream, 5, adding: 1), to: outbox)
            try await eventually("refused again") { broker.refusals > 2 }
            #expect(!broker.taken.contains { $0.version == 5 })
            #expect(outbox.publishing != .ready)
            broker.refuseNothing()
            try await eventually("published") { broker.taken.last?.version == 5 }
            #expect(broker.taken.suffix(4).map(\.version) == [2, 3, 4, 5])
            try await eventually("counted") { await store.highestCheckpoint == 3 }
        }
    }

    @Test("publishes all events of the commits that another writer left behind")
    func takenOverCommits() async throws {
        let store = InMemoryEventStore()
        let dead = WriterID()
        let stream = makeStream()
        await store.checkpoint(dead, RelayProgress(published: 0))
        let commits: [Commit] = [
            .count(stream, 1, adding: 1, 1), .count(stream, 3, adding: 1, 1, 1), .count(stream, 6, adding: 1),
        ]
        for (number, commit) in commits.enumerated() {
            let append = EventAppend(commit, writer: dead, sequence: Int64(number) + 1)
            #expect(await store.append(append) == .appended)
        }
        broker.answerLate(commits[1].last.id)
        var settings = quickSettings
        // Whoever is kept from the processors for longer loses the take-over, and begins again: right, but not looked for here.
        settings.takeoverAfter = .seconds(3)
        try await withRelay(store, broker, settings) { _ in
            try await eventually("published") { broker.taken.count == 10 }
        }
        #expect(broker.taken.map(\.version) == Array(1...6) + Array(3...6))
    }

    @Test("publishes many commits of one stream with few calls")
    func oneStream() async throws {
        broker.isAway = true
        let stream = makeStream()
        try await withRelay(InMemoryEventStore(), broker) { outbox in
            for version in Int64(1)...500 { _ = try await append(.count(stream, version, adding: 1), to: outbox) }
            let tries = broker.attempts
            broker.isAway = false
            try await eventually("published") { broker.taken.count == 500 }
            #expect(broker.attempts - tries < 50)
        }
        #expect(broker.taken.map(\.version) == Array(1...500))
    }

    @Test(
        "repeats in order what was published behind an event that failed in its stream, and nothing of other streams",
        arguments: [true, false])
    func repeats(isRefused: Bool) async throws {
        broker.isAway = true
        let (stream, other) = (makeStream(), makeStream())
        let commits = (Int64(1)...20).map { Commit.count(stream, $0, adding: 1) }
        if isRefused { broker.refuse(commits[9].first.id) } else { broker.answerLate(commits[9].first.id) }
        var settings = quickSettings
        settings.setAsidePauses = .milliseconds(20)...(.milliseconds(100))
        try await withRelay(InMemoryEventStore(), broker, settings) { outbox in
            for (index, commit) in commits.enumerated() {
                _ = try await append(commit, to: outbox)
                _ = try await append(.count(other, Int64(index) + 1, adding: 1), to: outbox)
            }
            broker.isAway = false
            try await eventually("tried") { broker.taken.contains { $0.id == commits[19].first.id } }
            try await eventually("the other published") { broker.taken.count { $0.stream == other } == 20 }
            broker.refuseNothing()
            try await eventually("repeated") { broker.taken.count { $0.id == commits[19].first.id } == 2 }
        }
        let versions = broker.taken.filter { $0.stream == stream }.map(\.version)
        #expect(versions == Array(1...20).filter { $0 != 10 || !isRefused } + Array(10...20))
        #expect(broker.taken.filter { $0.stream == other }.map(\.version) == Array(1...20))
    }

    @Test("lets no event wait for others after a few")
    func noGathering() async throws {
        var settings = quickSettings
        settings.gathering = .seconds(3600)
        settings.gatheringFrom = 3
        try await withRelay(InMemoryEventStore(), broker, settings) { outbox in
            for count in 1...10 {
                for _ in 0..<2 { _ = try await append(.count(makeStream(), 1, adding: 1), to: outbox) }
                try await eventually("published") { broker.taken.count == 2 * count }
            }
        }
    }

    @Test("accepts appends while the broker is away, tries seldom, and publishes in order when it is back")
    func outage() async throws {
        broker.isAway = true
        let store = InMemoryEventStore()
        let stream = makeStream()
        try await withRelay(store, broker) { outbox in
            for version in Int64(1)...100 {
                #expect(try await append(.count(stream, version, adding: 1), to: outbox) == .appended)
            }
            try await eventually("tries") { broker.attempts >= 3 }
            #expect(broker.attempts < 50)
            broker.isAway = false
            try await eventually("published") { broker.taken.count == 100 }
        }
        #expect(broker.taken.map(\.version) == Array(1...100))
    }

    @Test("learns nothing of the broker from a publication that was cancelled")
    func cancelledPublication() async throws {
        let relay = Relay(
            store: InMemoryEventStore(), outbox: Outbox(store: InMemoryEventStore()), publisher: LeavingPublisher(),
            settings: quickSettings, logger: quietLogger)
        let commit = OutboxCommit(sequence: 1, commit: .count(makeStream(), 1, adding: 1))
        #expect(await relay.publish([commit]).compactMap { $0 }.count == 1)
        #expect(!relay.circuit.isOpen)
    }

    @Test("reads back from the store what does not fit into memory")
    func spilled() async throws {
        broker.isAway = true
        var settings = quickSettings
        settings.memoryLimit = 10
        try await withRelay(InMemoryEventStore(), broker, settings) { outbox in
            for _ in 0..<500 {
                #expect(try await append(.count(makeStream(), 1, adding: 1), to: outbox) == .appended)
            }
            broker.isAway = false
            try await eventually("published") { broker.taken.count == 500 }
        }
        #expect(Set(broker.taken.map(\.stream)).count == 500)
    }

    @Test("has what is sent in bulk wait until the broker has taken enough, and nothing that somebody waits for")
    func bulkWaits() async throws {
        broker.isAway = true
        var settings = quickSettings
        settings.bulkLimit = 10
        settings.bulkPatience = .seconds(3600)
        try await withRelay(InMemoryEventStore(), broker, settings) { outbox in
            for _ in 0..<10 { _ = try await append(.count(makeStream(), 1, adding: 1), to: outbox) }
            async let line = append(.count(makeStream(), 1, adding: 1), to: outbox, .bulk)
            for _ in 0..<10 {
                #expect(try await append(.count(makeStream(), 1, adding: 1), to: outbox) == .appended)
            }
            #expect(outbox.backlog.count == 20)
            broker.isAway = false
            let outcome = try await line
            #expect(outcome == .appended)
            try await eventually("published") { broker.taken.count == 21 }
        }
    }

    @Test("takes in what is sent in bulk, if slowly, while the broker is away")
    func bulkGoesOn() async throws {
        broker.isAway = true
        var settings = quickSettings
        settings.bulkLimit = 1
        settings.bulkPatience = .milliseconds(1)
        try await withRelay(InMemoryEventStore(), broker, settings) { outbox in
            for _ in 0..<10 {
                _ = try await append(.count(makeStream(), 1, adding: 1), to: outbox, .bulk)
            }
            #expect(outbox.backlog.count == 10)
        }
    }

    @Test("accepts no more than the backlog allows")
    func backlog() async throws {
        broker.isAway = true
        var settings = quickSettings
        settings.backlogLimit = 3
        try await withRelay(InMemoryEventStore(), broker, settings) { outbox in
            for _ in 0..<3 { _ = try await append(.count(makeStream(), 1, adding: 1), to: outbox) }
            await #expect(throws: OutboxUnavailable.backlogFull) {
                try await outbox.append(.count(makeStream(), 1, adding: 1))
            }
            broker.isAway = false
            try await eventually("accepts again") {
                (try? await outbox.append(.count(makeStream(), 1, adding: 1))) == .appended
            }
        }
    }

    @Test("holds back only the stream whose event is refused")
    func refused() async throws {
        let (bad, good) = (makeStream(), makeStream())
        let event = RecordedEvent.count(bad, 1, adding: 1)
        broker.refuse(event.id)
        try await withRelay(InMemoryEventStore(), broker) { outbox in
            _ = try await append(Commit(event), to: outbox)
            _ = try await append(.count(bad, 2, adding: 1), to: outbox)
            for version in Int64(1)...20 { _ = try await append(.count(good, version, adding: 1), to: outbox) }
            try await eventually("the others published") { broker.taken.count { $0.stream == good } == 20 }
            #expect(outbox.publishing != .ready)
            try await eventually("ready all the same") { outbox.readiness == .ready }
        }
        #expect(!broker.taken.contains { $0.id == event.id })
    }

    @Test(
        "goes on past a refused event, alone or not, as far as anybody appends, and publishes it in order when it is taken"
    )
    func setAside() async throws {
        let bad = makeStream()
        let event = RecordedEvent.count(bad, 1, adding: 1)
        broker.refuse(event.id)
        var settings = quickSettings
        settings.backlogLimit = 30
        settings.memoryLimit = 10
        settings.setAsidePauses = .milliseconds(20)...(.milliseconds(100))
        let store = InMemoryEventStore()
        try await withRelay(store, broker, settings) { outbox in
            _ = try await append(Commit(event), to: outbox)
            try await eventually("refused alone") { broker.refusals > 2 }
            for version in Int64(2)...20 { _ = try await append(.count(bad, version, adding: 1), to: outbox) }
            // Many times what may wait, and none of them waits.
            for number in 1...300 {
                _ = try await append(.count(makeStream(), 1, adding: 1), to: outbox)
                if number.isMultiple(of: 5) {
                    try await eventually("published") { broker.taken.count == number }
                }
            }
            // All but the refused one and what follows it is known to be published.
            try await eventually("checkpoint") { await store.highestCheckpoint == 320 }
            broker.refuseNothing()
            try await eventually("published, too") { broker.taken.count == 320 }
            #expect(outbox.publishing == .ready)
            // The stream is like any other again.
            _ = try await append(.count(bad, 21, adding: 1), to: outbox)
            try await eventually("published") { broker.taken.count == 321 }
        }
        #expect(broker.taken.filter { $0.stream == bad }.map(\.version) == Array(1...21))
        #expect(Set(broker.taken.map(\.id)).count == 321)
        #expect(await store.takeOver(for: WriterID(), silentFor: .zero) == nil)
    }

    @Test("leaves what is refused to the next one, at once and without anything that was published after it")
    func refusedSuccession() async throws {
        let bad = makeStream()
        let event = RecordedEvent.count(bad, 1, adding: 1)
        broker.refuse(event.id)
        let store = InMemoryEventStore()
        var settings = quickSettings
        settings.setAsidePauses = .milliseconds(20)...(.milliseconds(100))
        settings.drainTimeout = .seconds(600)
        try await withRelay(store, broker, settings) { outbox in
            _ = try await append(Commit(event), to: outbox)
            _ = try await append(.count(bad, 2, adding: 1), to: outbox)
            for _ in 1...50 { _ = try await append(.count(makeStream(), 1, adding: 1), to: outbox) }
            try await eventually("published") { broker.taken.count { $0.stream != bad } == 50 }
        }
        try await withRelay(store, broker, settings) { outbox in
            let refusals = broker.refusals
            try await eventually("refused again") { broker.refusals > refusals + 2 }
            // What others have left behind is published all the same.
            let dead = WriterID()
            await store.checkpoint(dead, RelayProgress(published: 0))
            for number in Int64(1)...50 {
                let append = EventAppend(.count(makeStream(), 1, adding: 1), writer: dead, sequence: number)
                #expect(await store.append(append) == .appended)
            }
            try await eventually("published") { broker.taken.count { $0.stream != bad } == 100 }
            broker.refuseNothing()
            try await eventually("all published") { broker.taken.suffix(2).map(\.stream) == [bad, bad] }
        }
        #expect(broker.taken.suffix(2).map(\.version) == [1, 2])
        #expect(broker.taken.count { $0.stream != bad } == 100)
    }

    @Test("takes over what a writer left behind that died between append and publish")
    func takeOver() async throws {
        let store = InMemoryEventStore()
        let dead = WriterID()
        await store.checkpoint(dead, RelayProgress(published: 0))
        let streams = (0..<600).map { _ in makeStream() }
        for (index, stream) in streams.enumerated() {
            let number = Int64(index < 299 ? index + 1 : index + 2)
            let append = EventAppend(.count(stream, 1, adding: 1), writer: dead, sequence: number)
            #expect(await store.append(append) == .appended)
        }
        var settings = quickSettings
        // Time enough for a test to be late with the late one.
        settings.settleTime = .seconds(5)
        try await withRelay(store, broker, settings) { _ in
            // A take-over that is lost for a moment begins again.
            try await eventually("published") { Set(broker.taken.map(\.id)).count == 600 }
            // One that was under way when its writer died, with a number below those seen already.
            let late = EventAppend(.count(makeStream(), 1, adding: 1), writer: dead, sequence: 300)
            #expect(await store.append(late) == .appended)
            try await eventually("the late one published") { broker.taken.contains { $0.id == late.commit.first.id } }
            try await eventually("checkpoint removed") { await !store.hasCheckpoint(dead) }
        }
        #expect(Set(broker.taken.map(\.id)).count == 601)
    }

    @Test("leaves what it could not publish to the next one")
    func succession() async throws {
        broker.isAway = true
        let store = InMemoryEventStore()
        try await withRelay(store, broker) { outbox in
            for _ in 0..<50 { _ = try await append(.count(makeStream(), 1, adding: 1), to: outbox) }
        }
        #expect(broker.taken.isEmpty)
        broker.isAway = false
        try await withRelay(store, broker) { _ in
            try await eventually("published") { Set(broker.taken.map(\.id)).count == 50 }
        }
    }

    @Test("takes over what was left behind, even if the answer to the first try is lost")
    func lostTakeOver() async throws {
        let store = ForgetfulStore()
        let dead = WriterID()
        await store.checkpoint(dead, RelayProgress(published: 0))
        #expect(
            await store.inner.append(EventAppend(.count(makeStream(), 1, adding: 1), writer: dead, sequence: 1))
                == .appended)
        store.loseTakeover()
        try await withRelay(store, broker) { _ in
            try await eventually("published") { broker.taken.count == 1 }
        }
    }

    @Test("loses nothing when those who take over stop while the broker is away, however sparse the numbers")
    func sparseSuccession() async throws {
        broker.isAway = true
        let store = InMemoryEventStore()
        let dead = WriterID()
        await store.checkpoint(dead, RelayProgress(published: 0))
        // Most numbers were given to commands that were refused.
        for number in [Int64(1), 2, 3, 20_000, 40_000] {
            let append = EventAppend(.count(makeStream(), 1, adding: 1), writer: dead, sequence: number)
            #expect(await store.append(append) == .appended)
        }
        for _ in 1...2 {
            let attempts = broker.attempts
            try await withRelay(store, broker) { _ in
                try await eventually("tries") { broker.attempts > attempts + 1 }
            }
        }
        broker.isAway = false
        try await withRelay(store, broker) { _ in
            try await eventually("published") { Set(broker.taken.map(\.id)).count == 5 }
        }
    }

    @Test("takes its checkpoint back from another who took it for dead, and goes on")
    func takenForDead() async throws {
        let store = InMemoryEventStore()
        try await withRelay(store, broker) { outbox in
            _ = try await append(.count(makeStream(), 1, adding: 1), to: outbox)
            let takeover = try #require(await store.takeOver(for: WriterID(), silentFor: .seconds(-1)))
            try await eventually("taken back") { await !store.hold(takeover) }
            _ = try await append(.count(makeStream(), 1, adding: 1), to: outbox)
            try await eventually("published") { broker.taken.count == 2 }
        }
        #expect(await store.takeOver(for: WriterID(), silentFor: .zero) == nil)
    }

    @Test("finds out about appends whose answer was lost, and publishes those that happened")
    func doubts() async throws {
        let store = ForgetfulStore()
        try await withRelay(store, broker) { outbox in
            _ = try await append(.count(makeStream(), 1, adding: 1), to: outbox)
            store.answer(.lostAfterAppend)
            await #expect(throws: AppendOutcomeUnknown.self) {
                try await outbox.append(.count(makeStream(), 1, adding: 1))
            }
            store.answer(.lostWithoutAppend)
            await #expect(throws: AppendOutcomeUnknown.self) {
                try await outbox.append(.count(makeStream(), 1, adding: 1))
            }
            store.answer(.refused)
            await #expect(throws: SwitchedBroker.Away.self) {
                try await outbox.append(.count(makeStream(), 1, adding: 1))
            }
            store.answer(.given)
            _ = try await append(.count(makeStream(), 1, adding: 1), to: outbox)
            try await eventually("published") { broker.taken.count == 3 }
            // Until the number that no event has is given up, the checkpoint stays below it.
            try await eventually("no doubt left") { await store.inner.highestCheckpoint == 5 }
        }
        #expect(broker.taken.count == 3)
    }

    @Test(
        "ends a doubt as soon as another event has the version, however long a late append might take",
        .timeLimit(.minutes(1)))
    func decidedDoubts() async throws {
        let store = ForgetfulStore()
        var settings = quickSettings
        settings.settleTime = .seconds(3600)
        try await withRelay(store, broker, settings) { outbox in
            let streams = [makeStream(), makeStream()]
            for stream in streams { _ = try await append(.count(stream, 1, adding: 1), to: outbox) }
            store.answer(.lostWithoutAppend)
            for stream in streams {
                await #expect(throws: AppendOutcomeUnknown.self) {
                    try await outbox.append(.count(stream, 2, adding: 1))
                }
            }
            store.answer(.given)
            // The one stream goes on here, the other through somebody else first.
            #expect(try await outbox.append(.count(streams[0], 2, adding: 1)) == .appended)
            let other = EventAppend(.count(streams[1], 2, adding: 1), writer: WriterID(), sequence: 1)
            #expect(await store.inner.append(other) == .appended)
            #expect(try await outbox.append(.count(streams[1], 2, adding: 1)) == .versionConflict)
            #expect(try await outbox.append(.count(streams[1], 3, adding: 1)) == .appended)
            try await eventually("published") { broker.taken.count == 4 }
            try await eventually("no doubt left") { await store.inner.highestCheckpoint == 7 }
        }
    }

    @Test("repeats the release of a claim that failed after its event was appended")
    func releases() async throws {
        let store = ForgetfulStore()
        let stream = makeStream()
        let claim = Claim("name", "old")
        try await withRelay(store, broker) { outbox in
            _ = try await append(.count(stream, 1, adding: 1), to: outbox, claims: [claim])
            store.failReleases(true)
            _ = try await append(.count(stream, 2, adding: 1), to: outbox, releases: [claim])
            #expect(await store.holder(of: claim) != nil)
            store.failReleases(false)
            try await eventually("released") { await store.holder(of: claim) == nil }
            try await eventually("published") { broker.taken.count == 2 }
        }
    }
}

/// Publishes for callers who have left.
private struct LeavingPublisher: EventPublisher {
    func publish(_ events: [RecordedEvent]) async -> [PublishOutcome] {
        events.map { _ in .unavailable(CancellationError()) }
    }
}
