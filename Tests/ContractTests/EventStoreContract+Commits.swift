// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import MongoDB
import TestSupport
import Testing

@testable import CQRSMongoDB

/// Commits of several events.
extension EventStoreContract {
    /// Appends commits of so many events, one after the other.
    ///
    /// - Returns: all events of the stream.
    func append(_ sizes: [Int64], to stream: StreamID, in store: Store) async throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        for size in sizes {
            let version = Int64(events.count) + 1
            let sent = append(stream, version, events: size, sequence: Int64.random(in: 1...(1 << 40)))
            #expect(try await store.append(sent) == .appended)
            events += sent.commit.events
        }
        return events
    }

    @Test("gives back every event of a commit as it was appended, all of it, up to the most there may be")
    func commitRoundTrip() async throws {
        let stream = makeStream()
        let metadata = EventMetadata(correlationID: "c-1", causationID: "cause", idempotency: key("k"))
        try await withEach { store async throws in
            let sent = append(stream, 1, events: Int64(Commit.limit), metadata: metadata)
            #expect(try await store.append(sent) == .appended)
            #expect(try await store.read(stream, after: 0, limit: 200) == sent.commit.events)
        }
    }

    @Test("appends a whole commit or nothing of it: for a version that exists, or a claim that is held")
    func allOrNothing() async throws {
        let (a, b) = (makeStream(), makeStream())
        let claim = Claim("test", "all")
        try await withEach { store async throws in
            let first = append(a, 1, events: 3, claims: [claim])
            #expect(try await store.append(first) == .appended)
            #expect(try await store.append(append(a, 1, events: 2, sequence: 2)) == .versionConflict)
            #expect(try await store.append(append(a, 1, sequence: 3)) == .versionConflict)
            let taken = append(b, 1, events: 3, claims: [claim], sequence: 4)
            #expect(try await store.append(taken) == .claimTaken(claim, by: a))
            #expect(try await store.read(a, after: 0, limit: 10) == first.commit.events)
            #expect(try await store.read(b, after: 0, limit: 10).isEmpty)
        }
    }

    @Test("reads on behind any version, within commits, too, as many events as are wanted")
    func readingWithin() async throws {
        try await withEach { store async throws in
            let stream = makeStream()
            let events = try await append([3, 1, 1, 4, 2], to: stream, in: store)
            _ = try await append([2], to: makeStream(), in: store)
            for version in 0...11 {
                for limit in 1...12 {
                    let page = try await store.read(stream, after: Int64(version), limit: limit)
                    #expect(page == Array(events.dropFirst(version).prefix(limit)), "\(limit) after \(version)")
                }
            }
        }
    }

    @Test("finds the last event of a stream, within a commit, too, and of no other stream")
    func lastEvent() async throws {
        try await withEach { store async throws in
            let keys = ["end", "end.1", "end-1", "en", "end0"]
            let streams = keys.compactMap { StreamID(category: "thing", key: $0) }
            for (index, stream) in streams.enumerated() where index > 0 {
                _ = try await append([2, 1], to: stream, in: store)
            }
            #expect(try await store.last(of: streams[0]) == nil)
            for sizes: [Int64] in [[1], [3], [1, 4], [2, 2, 100], Array(repeating: 1, count: 12)] {
                let stream = makeStream()
                let events = try await append(sizes, to: stream, in: store)
                #expect(try await store.last(of: stream) == events.last)
            }
        }
    }

    @Test("tells where the commits behind any version stand among those of their writers")
    func places() async throws {
        try await withEach { store async throws in
            let stream = makeStream()
            let events = try await append([3, 1, 4, 2], to: stream, in: store)
            let all = try await store.places(of: stream, after: 0, limit: 10)
            #expect(all.map(\.version) == [1, 4, 5, 9])
            for place in all {
                let found = try await store.commits(of: place.writer, numbered: [place.sequence])
                #expect(found.first?.commit.first == events[Int(place.version) - 1])
            }
            for version in 0..<10 {
                let first = all.lastIndex { $0.version <= version + 1 } ?? 0
                for limit in 1...4 {
                    let places = try await store.places(of: stream, after: Int64(version), limit: limit)
                    #expect(places == Array(all.dropFirst(first).prefix(limit)), "\(limit) after \(version)")
                }
            }
        }
    }

    @Test("looks once in MongoDB for what follows a commit, and once more behind a version within one")
    func readingCost() async throws {
        try await withMongoEventStore { store, collection in
            let stream = makeStream()
            _ = try await append([1, 3, 1], to: stream, in: store)
            for (version, expected) in [(0, 1), (1, 1), (2, 2), (3, 2), (4, 1), (5, 2)] {
                let before = try await looks(at: collection)
                _ = try await store.read(stream, after: Int64(version), limit: 10)
                #expect(try await looks(at: collection) - before == expected, "after \(version)")
            }
        }
    }

    @Test("reads everything in pages that end with whole commits, also range by range")
    func commitPages() async throws {
        try await withEach { store async throws in
            var all: [RecordedEvent] = []
            let streams = (0..<4).map { _ in makeStream() }.sorted { $0.name < $1.name }
            for (stream, sizes) in zip(streams, [[1], [3, 2], [5], [1, 1, 4]] as [[Int64]]) {
                all += try await append(sizes, to: stream, in: store)
            }
            let expected = all.map(\.position)
            for limit in 1...20 {
                var found: [Commit] = []
                while true {
                    let page = try await store.readAll("thing", after: found.last?.last.position, limit: limit)
                    found += page
                    if page.events.count < limit { break }
                }
                #expect(found.events.map(\.position) == expected)
                #expect(found.map(\.count) == [1, 3, 2, 5, 1, 1, 4])
            }
            for size in 1...4 {
                var pages = StreamPages(store, category: "thing", size: size)
                var found: [RecordedEvent] = []
                while let range = try await pages.next() {
                    found += try await store.readAll("thing", in: range, after: nil, limit: 1000).events
                }
                #expect(found.map(\.position) == expected)
            }
            #expect(try await store.count("thing") == 7)
        }
    }

    @Test("answers a claim with the last event of the commit that took it, and knows whether a later one gives it up")
    func commitClaims() async throws {
        let stream = makeStream()
        let (email, other) = (Claim("email", "several@example.org"), Claim("email", "next@example.org"))
        try await withEach { store async throws in
            let first = append(stream, 1, events: 3, claims: [email])
            #expect(try await store.append(first) == .appended)
            #expect(try await store.holder(of: email) == first.commit.last)
            #expect(try await !store.hasGivenUp(email, since: first.commit.last))
            let second = append(stream, 4, events: 2, claims: [other], releases: [email], sequence: 2)
            #expect(try await store.append(second) == .appended)
            #expect(try await store.hasGivenUp(email, since: first.commit.last))
            #expect(try await !store.hasGivenUp(other, since: second.commit.last))
            try await store.release([email, other], of: stream, through: 3)
            #expect(try await store.holder(of: email) == nil)
            #expect(try await store.holder(of: other) == second.commit.last)
        }
    }

    @Test("answers a key with the last event of its commit, and forgets the key with all events")
    func commitKeys() async throws {
        let stream = makeStream()
        try await withEach { store async throws in
            let sent = append(stream, 1, events: 3, claims: [Claim(key("1"))], metadata: keyed("1"))
            #expect(try await store.append(sent) == .appended)
            #expect(try await store.use(of: key("1")) == .event(sent.commit.last))
            try await store.forget(key("1"), used: .event(sent.commit.last))
            #expect(try await store.use(of: key("1")) == nil)
            let left = try await store.read(stream, after: 0, limit: 10)
            #expect(left.map(\.id) == sent.commit.events.map(\.id))
            #expect(left.allSatisfy { $0.metadata.idempotency == nil })
        }
    }

    @Test("frees the key of a commit that was used before a moment")
    func oldCommitKeys() async throws {
        let start = Timestamp(millisecondsSinceEpoch: 1_772_366_400_000)
        try await withEach { store async throws in
            let sent = append(
                makeStream(), 1, events: 2, claims: [Claim(key("1"))],
                at: Timestamp(millisecondsSinceEpoch: start.millisecondsSinceEpoch - 1), metadata: keyed("1"))
            #expect(try await store.append(sent) == .appended)
            #expect(try await store.forgetKeys(usedBefore: start, after: nil, limit: 10).forgotten == 1)
            #expect(try await store.use(of: key("1")) == nil)
        }
    }

    @Test("gives a writer's commits by number, each with all its events and what it gives up")
    func commitOutbox() async throws {
        let (stream, mine) = (makeStream(), WriterID())
        let released = Claim("email", "old")
        try await withEach { store async throws in
            let sent = [
                append(stream, 1, events: 2, sequence: 4, writer: mine),
                append(stream, 3, events: 3, releases: [released], sequence: 7, writer: mine),
            ]
            for append in sent { #expect(try await store.append(append) == .appended) }
            let expected = sent.map {
                OutboxCommit(sequence: $0.sequence, commit: $0.commit, releases: $0.releases)
            }
            #expect(try await store.commits(of: mine, after: 0, limit: 10) == expected)
            #expect(try await store.commits(of: mine, after: 4, limit: 1) == [expected[1]])
            #expect(try await store.commits(of: mine, numbered: [7]) == [expected[1]])
            #expect(try await store.lastNumber(of: mine) == 7)
        }
    }

    @Test("tells streams apart that are named by keys, and pages through them, whatever their names have in common")
    func keyedStreams() async throws {
        let names = ["a", "a.b", "a-b", "a1", "ab", "a_b", "b", "a.b.c", "0", "-"]
        let streams = names.compactMap { StreamID(category: "thing", key: $0) } + [makeStream()]
        try await withEach { store async throws in
            for stream in streams { _ = try await append([1, 2], to: stream, in: store) }
            for stream in streams {
                #expect(try await store.read(stream, after: 0, limit: 10).map(\.stream) == [stream, stream, stream])
            }
            #expect(try await store.existing(Set(streams)) == Set(streams))
            var found: [EventPosition] = []
            while true {
                let page = try await store.readAll("thing", after: found.last, limit: 4).events
                found += page.map(\.position)
                if page.count < 4 { break }
            }
            #expect(found.count == 3 * streams.count)
            #expect(Set(found).count == found.count)
            var pages = StreamPages(store, category: "thing", size: 3)
            var ranged: [EventPosition] = []
            while let range = try await pages.next() {
                ranged += try await store.readAll("thing", in: range, after: nil, limit: 100).events.map(\.position)
            }
            #expect(ranged == found)
        }
    }

    @Test("stores a commit of one event in MongoDB as events have always been stored")
    func storedForm() throws {
        let fields = [
            "_id", "stream", "version", "type", "schema", "eventId", "recordedAt", "data", "metadata", "claims",
            "releases",
            "writer", "sequence",
        ]
        let (one, several) = (makeStream(), makeStream())
        let claims: Set = [Claim("email", "a")]
        let single = try EventDocument.encode(append(one, 1, claims: claims, releases: claims)).document
        #expect(single.map(\.key) == fields)
        let commit = try EventDocument.encode(append(several, 1, events: 2, claims: claims, releases: claims)).document
        #expect(commit.map(\.key) == fields + ["following"])
    }
}
