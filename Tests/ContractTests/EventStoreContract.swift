// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Foundation
import MongoDB
import TestSupport
import Testing
import Tracing

@testable import CQRSMongoDB

/// What every event store must do, whatever it is kept in.
@Suite("An event store", .timeLimit(.minutes(2)))
struct EventStoreContract {
    typealias Store = any EventStore & EventScan & WriterCheckpoints & CommitPlaces & SnapshotStore

    /// Runs the same test against the one in memory and the one in MongoDB.
    func withEach(_ body: (Store) async throws -> Void) async throws {
        try await body(InMemoryEventStore())
        try await withMongoEventStore { store, _ in try await body(store) }
    }

    let writer = WriterID()

    func append(
        _ stream: StreamID, _ version: Int64, events count: Int64 = 1, claims: Set<Claim> = [],
        releases: Set<Claim> = [], sequence: Int64 = 1, writer: WriterID? = nil, at time: Timestamp? = nil,
        metadata: EventMetadata = EventMetadata(correlationID: "test")
    ) -> EventAppend {
        EventAppend(
            makeCommit(stream, version, events: count, at: time, metadata: metadata), claims: claims,
            releases: releases, writer: writer ?? self.writer, sequence: sequence)
    }

    @Test("gives back an event as it was appended, all of it")
    func roundTrip() async throws {
        let stream = makeStream()
        let metadata = EventMetadata(
            correlationID: "c-1", causationID: "cause",
            traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            idempotency: IdempotencyKey(scope: "things.create", key: "k \"1\"", fingerprint: "f00"))
        try await withEach { store async throws in
            let sent = append(stream, 1, metadata: metadata)
            #expect(try await store.append(sent) == .appended)
            #expect(try await store.read(stream, after: 0, limit: 10) == [sent.event])
        }
    }

    @Test("refuses a version that exists, and changes nothing then")
    func versionConflict() async throws {
        let stream = makeStream()
        let claim = Claim("test", "free")
        try await withEach { store async throws in
            let first = append(stream, 1)
            #expect(try await store.append(first) == .appended)
            #expect(try await store.append(append(stream, 1, claims: [claim])) == .versionConflict)
            #expect(try await store.read(stream, after: 0, limit: 10) == [first.event])
            #expect(try await store.holder(of: claim) == nil)
        }
    }

    @Test("gives a claim to one event only, says who holds it, and appends nothing without it")
    func claims() async throws {
        let (a, b) = (makeStream(), makeStream())
        let (taken, other) = (Claim("email", "ada@example.org"), Claim("idempotency", "x:1"))
        try await withEach { store async throws in
            let first = append(a, 1, claims: [taken])
            #expect(try await store.append(first) == .appended)
            #expect(
                try await store.append(append(b, 1, claims: [taken, other], sequence: 2)) == .claimTaken(taken, by: a))
            #expect(try await store.read(b, after: 0, limit: 1).isEmpty)
            #expect(try await store.holder(of: taken) == first.event)
            #expect(try await store.holder(of: other) == nil)
        }
    }

    @Test("lets a stream's own claim stand in the way, too")
    func ownClaim() async throws {
        let stream = makeStream()
        let claim = Claim("email", "own@example.org")
        try await withEach { store async throws in
            #expect(try await store.append(append(stream, 1, claims: [claim])) == .appended)
            #expect(
                try await store.append(append(stream, 2, claims: [claim], sequence: 2))
                    == .claimTaken(claim, by: stream))
        }
    }

    @Test("frees what is released, for others at once, and nothing else")
    func release() async throws {
        let (a, b) = (makeStream(), makeStream())
        let (email, key) = (Claim("email", "e@example.org"), Claim("idempotency", "x:2"))
        try await withEach { store async throws in
            #expect(try await store.append(append(a, 1, claims: [email, key])) == .appended)
            #expect(try await store.append(append(a, 2, sequence: 2)) == .appended)
            try await store.release([email], of: b, through: 9)
            #expect(try await store.holder(of: email)?.stream == a)
            try await store.release([email], of: a, through: 1)
            try await store.release([email], of: a, through: 1)
            #expect(try await store.holder(of: email) == nil)
            #expect(try await store.holder(of: key)?.stream == a)
            #expect(try await store.append(append(b, 1, claims: [email], sequence: 3)) == .appended)
            try await store.release([key], of: a, through: 1)
            #expect(try await store.holder(of: key) == nil)
            // What a later event has taken again stays.
            #expect(try await store.append(append(a, 3, claims: [key], sequence: 4)) == .appended)
            try await store.release([key], of: a, through: 2)
            #expect(try await store.holder(of: key)?.version == 3)
        }
    }

    @Test("finds the holder of each claim for all who ask at the same time, and nobody for those that are free")
    func holders() async throws {
        let streams = (0..<150).map { _ in makeStream() }
        func claim(_ kind: String, _ index: Int) -> Claim { Claim(kind, "holders-\(index)") }
        try await withEach { store async throws in
            for (index, stream) in streams.enumerated() where !index.isMultiple(of: 3) {
                // Two claims on one event: it is found by either.
                let taken = append(
                    stream, 1, claims: [claim("email", index), claim("name", index)], sequence: Int64(index + 1))
                #expect(try await store.append(taken) == .appended)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, stream) in streams.enumerated() {
                    for kind in ["email", "name"] {
                        group.addTask {
                            let holder = try await store.holder(of: claim(kind, index))?.stream
                            #expect(holder == (index.isMultiple(of: 3) ? nil : stream))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("tells whether a claim is given up, released or not, and only by its holder's later events")
    func givenUp() async throws {
        let (a, b) = (makeStream(), makeStream())
        let (email, other) = (Claim("email", "given@example.org"), Claim("email", "kept@example.org"))
        try await withEach { store async throws in
            let first = append(a, 1, claims: [email])
            var second = append(a, 2, claims: [other], sequence: 2)
            second.releases = [email]
            var foreign = append(b, 1, sequence: 3)
            foreign.releases = [other]
            #expect(try await store.append(first) == .appended)
            #expect(try await !store.hasGivenUp(email, since: first.event))
            #expect(try await store.append(second) == .appended)
            #expect(try await store.append(foreign) == .appended)
            #expect(try await store.hasGivenUp(email, since: first.event))
            #expect(try await !store.hasGivenUp(other, since: second.event))
            // Taken again by a later event, it is that one's.
            try await store.release([email], of: a, through: 1)
            let third = append(a, 3, claims: [email], sequence: 4)
            #expect(try await store.append(third) == .appended)
            #expect(try await !store.hasGivenUp(email, since: third.event))
        }
    }

    @Test("finds out in MongoDB by an index whether a claim is given up, however long the stream")
    func givenUpCost() async throws {
        let stream = makeStream()
        let claim = Claim("email", "long@example.org")
        try await withMongoEventStore { store, collection in
            let first = append(stream, 1, claims: [claim])
            #expect(try await store.append(first) == .appended)
            for version: Int64 in 2...200 {
                #expect(try await store.append(append(stream, version, sequence: version)) == .appended)
            }
            #expect(try await !store.hasGivenUp(claim, since: first.event))
            let uses = try await collection.aggregate([["$indexStats": [:]]]).toArray().first {
                $0["name"] == "releases_1"
            }
            #expect(uses?["accesses"]?.documentValue?["ops"]?.intValue == 1)
        }
    }

    @Test("frees claims of many events that hold nothing else, at the same time")
    func releaseAll() async throws {
        let streams = (0..<20).map { _ in makeStream() }
        try await withEach { store async throws in
            for (index, stream) in streams.enumerated() {
                let claims: Set = [Claim("email", "\(index)"), Claim("idempotency", "all:\(index)")]
                #expect(
                    try await store.append(append(stream, 1, claims: claims, sequence: Int64(index + 1))) == .appended)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, stream) in streams.enumerated() {
                    group.addTask { try await store.release([Claim("email", "\(index)")], of: stream, through: 1) }
                    group.addTask {
                        try await store.release([Claim("idempotency", "all:\(index)")], of: stream, through: 1)
                    }
                }
                try await group.waitForAll()
            }
            for index in streams.indices {
                #expect(try await store.holder(of: Claim("email", "\(index)")) == nil)
                #expect(try await store.holder(of: Claim("idempotency", "all:\(index)")) == nil)
            }
        }
    }

    @Test("lets exactly one of many win a version, and one of many a claim")
    func races() async throws {
        let stream = makeStream()
        let claim = Claim("email", "raced@example.org")
        try await withEach { store async throws in
            let outcomes = try await withThrowingTaskGroup(of: AppendOutcome.self) { group in
                for number in Int64(1)...100 {
                    group.addTask { try await store.append(append(stream, 1, sequence: number)) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == .appended } == 1)
            #expect(outcomes.count { $0 == .versionConflict } == 99)
            let claims = try await withThrowingTaskGroup(of: (StreamID, AppendOutcome).self) { group in
                for number in Int64(101)...200 {
                    let own = makeStream()
                    group.addTask { (own, try await store.append(append(own, 1, claims: [claim], sequence: number))) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let winners = claims.filter { $0.1 == .appended }
            #expect(winners.count == 1)
            let winner = try #require(winners.first).0
            #expect(claims.count { $0.1 == .claimTaken(claim, by: winner) } == 99)
        }
    }

    @Test("goes on with an append whose task is cancelled, and with those of others")
    func cancelledAppends() async throws {
        let streams = (0..<40).map { _ in makeStream() }
        try await withEach { store async throws in
            let tasks = streams.enumerated().map { number, stream in
                let append = append(stream, 1, sequence: Int64(number + 1))
                return Task { try await store.append(append) }
            }
            for (number, task) in tasks.enumerated() where number.isMultiple(of: 2) { task.cancel() }
            for task in tasks { #expect(try await task.value == .appended) }
            for stream in streams { #expect(try await store.read(stream, after: 0, limit: 2).count == 1) }
        }
    }

    @Test("reads a stream in pages, in order, and no other stream")
    func pages() async throws {
        let (a, b) = (makeStream(), makeStream())
        try await withEach { store async throws in
            for version in Int64(1)...12 {
                #expect(try await store.append(append(a, version, sequence: version)) == .appended)
            }
            #expect(try await store.append(append(b, 1, sequence: 13)) == .appended)
            #expect(try await store.read(a, after: 0, limit: 5).map(\.version) == [1, 2, 3, 4, 5])
            #expect(try await store.read(a, after: 9, limit: 5).map(\.version) == [10, 11, 12])
            #expect(try await store.read(a, after: 12, limit: 5).isEmpty)
            #expect(try await store.read(makeStream(), after: 0, limit: 5).isEmpty)
        }
    }

    @Test("reads everything in pages, stream by stream")
    func readAll() async throws {
        let streams = (0..<7).map { _ in makeStream() }
        try await withEach { store async throws in
            var sequence: Int64 = 0
            for stream in streams {
                for version in Int64(1)...3 {
                    sequence += 1
                    #expect(try await store.append(append(stream, version, sequence: sequence)) == .appended)
                }
            }
            var all: [EventPosition] = []
            while true {
                let page = try await store.readAll("thing", after: all.last, limit: 4)
                all += page.events.map(\.position)
                if page.isEmpty { break }
            }
            let expected = streams.sorted { $0.name < $1.name }.flatMap { stream in
                (Int64(1)...3).map { EventPosition(stream: stream, version: $0) }
            }
            #expect(all == expected)
            #expect(try await store.readAll("thin", after: nil, limit: 4).isEmpty)
            let absent = makeStream()
            #expect(try await store.existing([streams[0], absent, streams[6]]) == [streams[0], streams[6]])
            #expect(try await store.count("thing") == 21)
            #expect(try await store.count("thin") == 0)
        }
    }

    @Test("cuts a category into ranges of whole streams, which together hold every event once")
    func ranges() async throws {
        let streams = (0..<9).map { _ in makeStream() }.sorted { $0.name < $1.name }
        try await withEach { store async throws in
            var sequence: Int64 = 0
            for (index, stream) in streams.enumerated() {
                for version in 1...Int64(index % 3 + 1) {
                    sequence += 1
                    #expect(try await store.append(append(stream, version, sequence: sequence)) == .appended)
                }
            }
            var pages = StreamPages(store, category: "thing", size: 4)
            var all: [EventPosition] = []
            var ends: [StreamID?] = []
            while let range = try await pages.next() {
                var last: EventPosition?
                repeat {
                    let page = try await store.readAll("thing", in: range, after: last, limit: 2)
                    all += page.events.map(\.position)
                    last = page.last?.last.position
                } while last != nil
                ends.append(range.last)
            }
            // 1 2 3 1 2 3 1 2 3 events: a range ends with the stream of its fourth.
            #expect(ends == [streams[2], streams[5], streams[8], nil])
            let expected = streams.enumerated().flatMap { index, stream in
                (1...Int64(index % 3 + 1)).map { EventPosition(stream: stream, version: $0) }
            }
            #expect(all == expected)
        }
    }

    @Test("appends what somebody waits for while ever more is sent in bulk, and all of that, too")
    func urgency() async throws {
        try await withEach { store async throws in
            let isOver = Counter()
            let sent = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<1024 {
                    group.addTask {
                        while isOver.value == 0 {
                            var append = append(makeStream(), 1, sequence: Int64(sent.add()))
                            append.urgency = .bulk
                            let outcome = try await store.append(append)
                            #expect(outcome == .appended)
                            await Task.yield()
                        }
                    }
                }
                try await eventually("all send") { sent.value >= 1024 }
                for _ in 0..<20 {
                    let append = append(makeStream(), 1, sequence: Int64(sent.add()))
                    #expect(try await store.append(append) == .appended)
                }
                isOver.add()
                try await group.waitForAll()
            }
            #expect(try await store.count("thing") == sent.value)
        }
    }

    // MARK: Idempotency

    func key(_ name: String, payload: String = "p") -> IdempotencyKey {
        IdempotencyKey(scope: "things.change", key: name, fingerprint: payload)
    }

    private func answer(_ name: String, _ stream: StreamID, at time: Timestamp = .now()) -> UnchangedAnswer {
        UnchangedAnswer(id: UUIDv7(at: time), key: key(name), stream: stream, version: 3, givenAt: time)
    }

    @Test("gives back an answer under its key, and takes no other for the same key, nor an event")
    func remembering() async throws {
        let (a, b) = (makeStream(), makeStream())
        try await withEach { store async throws in
            let first = answer("1", a)
            #expect(try await store.remember(first, urgency: .single) == .appended)
            #expect(try await store.use(of: key("1", payload: "q")) == .unchanged(first))
            let taken = AppendOutcome.claimTaken(Claim(key("1")), by: a)
            #expect(try await store.remember(answer("1", b), urgency: .single) == taken)
            #expect(try await store.append(append(b, 1, claims: [Claim(key("1"))])) == taken)
            let event = append(b, 1, claims: [Claim(key("2"))], metadata: keyed("2"))
            #expect(try await store.append(event) == .appended)
            #expect(try await store.use(of: key("2")) == .event(event.event))
            #expect(try await store.remember(answer("2", a), urgency: .bulk) == .claimTaken(Claim(key("2")), by: b))
            #expect(try await store.use(of: key("3")) == nil)
        }
    }

    func keyed(_ name: String) -> EventMetadata { EventMetadata(correlationID: "test", idempotency: key(name)) }

    @Test("lets one of many answers and events have a key")
    func keyRaces() async throws {
        try await withEach { store async throws in
            let outcomes = try await withThrowingTaskGroup(of: AppendOutcome.self) { group in
                for number in Int64(1)...60 {
                    let stream = makeStream()
                    group.addTask {
                        number.isMultiple(of: 2)
                            ? try await store.remember(answer("1", stream), urgency: .single)
                            : try await store.append(
                                append(stream, 1, claims: [Claim(key("1"))], sequence: number, metadata: keyed("1")))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == .appended } == 1)
        }
    }

    @Test("takes no answer for an event, whoever reads events")
    func answersAreNoEvents() async throws {
        // Whatever order primary keys are in, one category is before and one behind.
        let streams = ["aaa", "answer", "zzz"].map { StreamID(category: $0, id: UUIDv7(at: .now())) }
        try await withEach { store async throws in
            for (index, stream) in streams.enumerated() {
                #expect(try await store.append(append(stream, 1, sequence: Int64(index + 1))) == .appended)
                #expect(try await store.remember(answer("\(index)", stream), urgency: .single) == .appended)
            }
            for stream in streams {
                let category = String(stream.category)
                #expect(try await store.read(stream, after: 0, limit: 10).count == 1)
                #expect(try await store.readAll(category, after: nil, limit: 10).count == 1)
                #expect(try await store.count(category) == 1)
                #expect(try await store.boundary(category, after: nil, commits: 2) == nil)
                #expect(try await store.append(append(stream, 2, sequence: 9)) == .appended)
            }
            #expect(try await store.existing(Set(streams)) == Set(streams))
            #expect(try await store.commits(of: writer, after: 0, limit: 100).count == 6)
        }
    }

    @Test("frees a key that is forgotten, but not once it has been used again")
    func forgetting() async throws {
        let stream = makeStream()
        try await withEach { store async throws in
            let first = answer("1", stream)
            #expect(try await store.remember(first, urgency: .single) == .appended)
            try await store.forget(key("1"), used: .unchanged(first))
            #expect(try await store.use(of: key("1")) == nil)
            let event = append(stream, 1, claims: [Claim(key("1")), Claim("email", "e")], metadata: keyed("1"))
            #expect(try await store.append(event) == .appended)
            try await store.forget(key("1"), used: .unchanged(first))
            #expect(try await store.use(of: key("1")) == .event(event.event))
            try await store.forget(key("1"), used: .event(event.event))
            #expect(try await store.use(of: key("1")) == nil)
            let holder = try #require(try await store.holder(of: Claim("email", "e")))
            #expect(holder.stream == stream)
            #expect(holder.metadata == EventMetadata(correlationID: "test"))
        }
    }

    @Test("frees keys that were used before a moment, page by page, and nothing else")
    func forgettingOld() async throws {
        let start = Timestamp(millisecondsSinceEpoch: 1_772_366_400_000)
        try await withEach { store async throws in
            for number in 0..<25 {
                let stream = makeStream()
                let time = Timestamp(millisecondsSinceEpoch: start.millisecondsSinceEpoch + Int64(number % 2) * 2 - 1)
                let name = "\(number)"
                if number.isMultiple(of: 5) {
                    #expect(try await store.remember(answer(name, stream, at: time), urgency: .bulk) == .appended)
                } else {
                    let append = append(
                        stream, 1, claims: [Claim(key(name)), Claim("email", name)], sequence: Int64(number + 1),
                        at: time, metadata: keyed(name))
                    #expect(try await store.append(append) == .appended)
                }
            }
            var (position, pages, forgotten): (Claim?, Int, Int) = (nil, 0, 0)
            repeat {
                let page = try await store.forgetKeys(usedBefore: start, after: position, limit: 4)
                (position, pages, forgotten) = (page.next, pages + 1, forgotten + page.forgotten)
            } while position != nil
            #expect(pages == 7)
            #expect(forgotten == 13)
            for number in 0..<25 {
                #expect(try await (store.use(of: key("\(number)")) == nil) == number.isMultiple(of: 2))
                let isHeld = try await store.holder(of: Claim("email", "\(number)")) != nil
                #expect(isHeld == !number.isMultiple(of: 5))
                guard let event = try await store.holder(of: Claim("email", "\(number)")) else { continue }
                #expect((event.metadata.idempotency == nil) == number.isMultiple(of: 2))
            }
        }
    }

    // MARK: Outbox

    @Test("gives a writer's events by number, with what they give up, and nobody else's")
    func outbox() async throws {
        let (a, b) = (makeStream(), makeStream())
        let (mine, other) = (WriterID(), WriterID())
        try await withEach { store async throws in
            let released = Claim("email", "old")
            #expect(try await store.append(append(a, 1, sequence: 3, writer: mine)) == .appended)
            #expect(
                try await store.append(append(a, 2, releases: [released], sequence: 1, writer: mine)) == .appended)
            #expect(try await store.append(append(b, 1, sequence: 2, writer: other)) == .appended)
            let events = try await store.commits(of: mine, after: 0, limit: 10)
            #expect(events.map(\.sequence) == [1, 3])
            #expect(events.map(\.releases) == [[released], []])
            #expect(events.map(\.commit.first.version) == [2, 1])
            #expect(try await store.commits(of: mine, after: 0, limit: 1).map(\.sequence) == [1])
            #expect(try await store.commits(of: mine, after: 1, limit: 10).map(\.sequence) == [3])
        }
    }

    @Test("finds a writer's events by their numbers, those that exist")
    func numbered() async throws {
        let stream = makeStream()
        let mine = WriterID()
        try await withEach { store async throws in
            for version in Int64(1)...5 {
                #expect(
                    try await store.append(append(stream, version, sequence: 10 * version, writer: mine)) == .appended)
            }
            #expect(try await store.commits(of: mine, numbered: [40, 20, 25, 99]).map(\.sequence) == [20, 40])
            #expect(try await store.commits(of: mine, numbered: []).isEmpty)
            #expect(try await store.commits(of: WriterID(), numbered: [10]).isEmpty)
        }
    }

    @Test("tells how far writers have published, which writers there are, and the last number of each")
    func writerHistory() async throws {
        let writers = [WriterID(), WriterID(), WriterID()].sorted()
        try await withEach { store async throws in
            for (index, writer) in writers.enumerated() {
                for sequence in Int64(1)...Int64(index + 2) {
                    let sent = append(makeStream(), 1, sequence: 10 * sequence, writer: writer)
                    #expect(try await store.append(sent) == .appended)
                }
            }
            let progress = RelayProgress(revision: 3, published: 7, setAside: [2])
            try await store.checkpoint(writers[1], progress)
            #expect(try await store.progress()[writers[1]] == progress)
            #expect(try await store.progress()[writers[0]] == nil)
            let all = try await store.writers(after: nil, limit: 1000)
            #expect(all.filter(writers.contains) == writers)
            #expect(try await store.writers(after: writers[0], limit: 1) == [writers[1]])
            #expect(try await store.lastNumber(of: writers[2]) == 40)
            #expect(try await store.lastNumber(of: WriterID()) == 0)
            try await store.remove(writers[1])
        }
    }

    @Test("keeps a writer's latest report of progress in one piece, in whichever order reports arrive")
    func progress() async throws {
        let old = WriterID()
        let latest = RelayProgress(revision: 12, published: 30, setAside: [4, 7])
        try await withEach { store async throws in
            try await store.checkpoint(old, RelayProgress(revision: 9, published: 5, setAside: [1, 2, 3]))
            try await store.checkpoint(old, latest)
            try await store.checkpoint(old, RelayProgress(revision: 11, published: 20, setAside: [4, 7, 9]))
            try await store.abandon(old, RelayProgress(revision: 10, published: 10))
            let takeover = try await takeOver(for: WriterID(), store)
            #expect(takeover.progress == latest)
            try await store.finish(takeover)
        }
    }

    @Test("lets another take over a silent writer's checkpoint, until the writer shows that it is alive")
    func takeOver() async throws {
        let (old, new) = (WriterID(), WriterID())
        try await withEach { store async throws in
            try await store.checkpoint(old, RelayProgress(published: 7))
            try await store.checkpoint(old, RelayProgress(published: 9))
            try await store.checkpoint(old, RelayProgress(published: 8))
            #expect(try await store.takeOver(for: new, silentFor: .seconds(60)) == nil)
            #expect(try await store.takeOver(for: old, silentFor: .zero) == nil)
            let first = try await takeOver(for: new, store)
            #expect(first.writer == old)
            #expect(first.progress.published == 9)
            #expect(try await store.hold(first))
            #expect(try await store.takeOver(for: WriterID(), silentFor: .seconds(60)) == nil)
            try await store.remove(old)
            try await store.abandon(old, RelayProgress(published: 10))
            #expect(try await store.hold(first))
            try await store.checkpoint(old, RelayProgress(published: 11))
            #expect(try await !store.hold(first))
            try await store.finish(first)
            #expect(try await takeOver(for: new, store).progress.published == 11)
        }
    }

    @Test("lets a take-over be taken over that nobody works on, by the same or another writer")
    func lostTakeOver() async throws {
        let (old, new) = (WriterID(), WriterID())
        try await withEach { store async throws in
            try await store.checkpoint(old, RelayProgress(published: 3))
            let lost = try await takeOver(for: new, store)
            let again = try await takeOver(for: new, store)
            #expect(again.writer == old)
            #expect(try await !store.hold(lost))
            try await store.finish(lost)
            #expect(try await store.hold(again))
            try await store.finish(again)
            #expect(try await !store.hold(again))
            #expect(try await store.takeOver(for: new, silentFor: .zero) == nil)
        }
    }

    private func takeOver(for writer: WriterID, _ store: Store) async throws -> Takeover {
        var takeover: Takeover?
        try await eventually("silence noticed") {
            takeover = try await store.takeOver(for: writer, silentFor: .milliseconds(1))
            return takeover != nil
        }
        return try #require(takeover)
    }

    @Test("lets an abandoned checkpoint be taken over at once, with its progress; a removed one is gone")
    func abandon() async throws {
        let (old, new) = (WriterID(), WriterID())
        try await withEach { store async throws in
            try await store.checkpoint(old, RelayProgress(published: 0))
            try await store.abandon(old, RelayProgress(published: 5))
            let takeover = try #require(try await store.takeOver(for: new, silentFor: .seconds(3600)))
            #expect(takeover.progress.published == 5)
            try await store.finish(takeover)
            try await store.checkpoint(new, RelayProgress(published: 1))
            try await store.remove(new)
            #expect(try await store.takeOver(for: old, silentFor: .zero) == nil)
        }
    }
}

func makeStream() -> StreamID { StreamID(category: "thing", id: UUIDv7(at: .now())) }

func makeStoredEvent(
    _ stream: StreamID, _ version: Int64, type: String? = nil, at time: Timestamp? = nil,
    metadata: EventMetadata = EventMetadata(correlationID: "test")
) -> RecordedEvent {
    RecordedEvent(
        id: UUIDv7(at: .now()), stream: stream, version: version, type: type ?? "thing.happened.\(version % 3)",
        schema: 2 + Int(version % 2),
        recordedAt: time ?? Timestamp(millisecondsSinceEpoch: 1_772_366_400_000 + version),
        data: Array(#"{"text":"ünï \"\#(version)\""}"#.utf8), metadata: metadata)
}

func makeCommit(
    _ stream: StreamID, _ version: Int64, events count: Int64 = 1, type: String? = nil, at time: Timestamp? = nil,
    metadata: EventMetadata = EventMetadata(correlationID: "test")
) -> Commit {
    let first = makeStoredEvent(stream, version, type: type, at: time, metadata: metadata)
    return Commit(
        first,
        (1..<count).map {
            makeStoredEvent(stream, version + $0, type: type, at: first.recordedAt, metadata: metadata)
        })
}

extension EventAppend {
    /// The last event: of one alone, the event.
    var event: RecordedEvent { commit.last }
}

/// Runs a body against a store in a database of its own, if there is a server; gives the events' collection, too.
func withMongoEventStore(
    tracer: (any Tracer)? = nil, _ body: (MongoEventStore, MongoCollection) async throws -> Void
) async throws {
    guard let uri = try TestEnvironment.mongoURI() else { return }
    let client = try MongoClient(configuration: MongoConfiguration(uri: uri), logger: quietLogger)
    let name = "contract_\(UUID().uuidString.prefix(8))"
    let store = MongoEventStore(client: client, database: name, logger: quietLogger, tracer: tracer)
    let result: Result<Void, any Error> = await withTaskGroup(of: Void.self) { group in
        group.addTask { try? await store.run() }
        defer { group.cancelAll() }
        do {
            try await store.prepare()
            try await store.prepare()
            try await body(store, client.database(name).collection("events"))
            return .success(())
        } catch {
            return .failure(error)
        }
    }
    try? await client.database(name).drop()
    await client.close(within: .zero)
    try result.get()
}
