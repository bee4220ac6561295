// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import CQRS

/// The races of readings with the feed, step by step. `a` and `b` are streams, `x` and `y` keys.
@Suite("Cached streams")
struct CachedStreamsTests {
    private typealias Streams = CachedStreams<String>

    private let a = StreamID(category: "note", id: UUIDv7(at: Timestamp(millisecondsSinceEpoch: 1)))
    private let b = StreamID(category: "note", id: UUIDv7(at: Timestamp(millisecondsSinceEpoch: 2)))

    private func age(_ version: Int64, at time: Int64 = 0) -> DocumentAge {
        DocumentAge(Count(total: 0, version: version, updatedAt: Timestamp(millisecondsSinceEpoch: time)))
    }

    private func entry(_ stream: StreamID, _ version: Int64, _ key: String) -> Streams.Entry {
        Streams.Entry(stream: stream, key: key, age: age(version), answer: "\(key)\(version)")
    }

    /// A reading that nothing comes between.
    private func read(_ streams: inout Streams, _ stream: StreamID, _ version: Int64, _ key: String) -> Streams.Outcome
    {
        let reading = streams.beginReading()
        return streams.add(entry(stream, version, key), sizeBytes: 10, read: reading)
    }

    private func tell(_ streams: inout Streams, _ stream: StreamID, _ version: Int64?, _ key: String?) {
        let answer = version.flatMap { version in key.map { (value: "\($0)\(version)", sizeBytes: 10) } }
        streams.apply(stream, age: version.map { age($0) }, key: key, answer: answer)
    }

    @Test("keep what was read, and what the feed makes of it")
    func update() {
        var streams = Streams(capacityBytes: 10_000)
        #expect(read(&streams, a, 1, "x") == .kept)
        #expect(streams.find("x")?.answer == "x1")
        tell(&streams, a, 2, "x")
        #expect(streams.find("x")?.age.version == 2)
        #expect(streams.find("x")?.answer == "x2")
        #expect(streams.count == 1)
    }

    @Test("take note of a change of whoever is not here without a document, and of nobody else's")
    func notes() {
        var streams = Streams(capacityBytes: 10_000)
        #expect(read(&streams, a, 1, "x") == .kept)
        // The document decides about an answer that is here.
        let isNoted = (a: streams.note(a, key: "x"), b: streams.note(b, key: "z"))
        #expect(isNoted == (false, true))
        #expect(streams.find("x")?.age.version == 1)
        // What is being read may be from before.
        let reading = streams.beginReading()
        _ = streams.note(b, key: "y")
        #expect(streams.add(entry(b, 1, "y"), sizeBytes: 10, read: reading) == .notKept)
        // A key that somebody else has now is not answered as before.
        _ = streams.note(b, key: "x")
        #expect(streams.find("x") == nil)
    }

    @Test("let a version leave whose successor was not made into an answer")
    func noAnswer() {
        var streams = Streams(capacityBytes: 10_000)
        _ = read(&streams, a, 1, "x")
        streams.apply(a, age: age(2), key: "x", answer: nil)
        #expect(streams.find("x") == nil)
    }

    @Test("follow a stream that goes on from an earlier version, as after the event store was restored")
    func restored() {
        var streams = Streams(capacityBytes: 10_000)
        _ = read(&streams, a, 5, "x")
        streams.apply(a, age: age(2, at: 1), key: "x", answer: (value: "restored", sizeBytes: 10))
        #expect(streams.find("x")?.answer == "restored")
        // What was before the backup is over.
        #expect(read(&streams, a, 5, "x") == .outdated)
        streams.apply(a, age: age(3, at: 1), key: "x", answer: (value: "further", sizeBytes: 10))
        #expect(streams.find("x")?.answer == "further")
    }

    @Test("are not taken back by a feed that is behind what was read")
    func feedBehind() {
        var streams = Streams(capacityBytes: 10_000)
        _ = read(&streams, a, 5, "x")
        for version in Int64(1)...5 { tell(&streams, a, version, "x") }
        #expect(streams.find("x")?.age.version == 5)
        tell(&streams, a, 4, "y")
        #expect(streams.find("x")?.age.version == 5)
    }

    @Test("do not keep what was read before a change that was told while reading")
    func slowReading() {
        var streams = Streams(capacityBytes: 10_000)
        let reading = streams.beginReading()
        tell(&streams, a, 2, "x")
        #expect(streams.add(entry(a, 1, "x"), sizeBytes: 10, read: reading) == .notKept)
        #expect(streams.find("x") == nil)
        #expect(read(&streams, a, 2, "x") == .kept)
    }

    @Test("do not keep a stream under the key it gave up while it was read, though the feed names only the new one")
    func slowReadingOfOldKey() {
        var streams = Streams(capacityBytes: 10_000)
        let reading = streams.beginReading()
        tell(&streams, a, 2, "y")
        #expect(streams.add(entry(a, 1, "x"), sizeBytes: 10, read: reading) == .notKept)
        #expect(streams.find("x") == nil)
    }

    @Test("do not keep a stream under a key that another took while it was read")
    func slowReadingOfTakenKey() {
        var streams = Streams(capacityBytes: 10_000)
        let reading = streams.beginReading()
        tell(&streams, b, 1, "x")
        #expect(streams.add(entry(a, 1, "x"), sizeBytes: 10, read: reading) == .notKept)
        #expect(streams.find("x") == nil)
    }

    @Test("do not keep what was read before the feed was opened anew")
    func slowReadingAcrossOpenings() {
        var streams = Streams(capacityBytes: 10_000)
        _ = read(&streams, b, 1, "y")
        let reading = streams.beginReading()
        streams.clear()
        #expect(streams.find("y") == nil)
        #expect(streams.bytes == 0)
        #expect(streams.add(entry(a, 1, "x"), sizeBytes: 10, read: reading) == .notKept)
        #expect(read(&streams, a, 1, "x") == .kept)
    }

    @Test("tell who read an older version than is known, and keep the newer")
    func outdated() {
        var streams = Streams(capacityBytes: 10_000)
        let reading = streams.beginReading()
        _ = read(&streams, a, 3, "x")
        #expect(streams.add(entry(a, 2, "x"), sizeBytes: 10, read: reading) == .outdated)
        #expect(streams.add(entry(a, 2, "y"), sizeBytes: 10, read: reading) == .outdated)
        #expect(streams.find("x")?.age.version == 3)
        #expect(streams.find("y") == nil)
    }

    @Test(
        "hand a key over from one stream to another, in whatever order that is told and read",
        arguments: [[0, 1], [1, 0]])
    func handOver(order: [Int]) {
        var streams = Streams(capacityBytes: 10_000)
        _ = read(&streams, a, 1, "x")
        for step in order {
            if step == 0 { tell(&streams, a, 2, "y") } else { tell(&streams, b, 1, "x") }
            #expect(streams.find("x") == nil)
        }
        // The feed alone does not add anybody: it may be behind what was read of a key.
        #expect(streams.count == 0)
        #expect(read(&streams, b, 1, "x") == .kept)
        #expect(read(&streams, a, 2, "y") == .kept)
        #expect(streams.find("x")?.stream == b)
        #expect(streams.find("y")?.stream == a)
    }

    @Test("believe the read model where it names another stream for a key, and move the stream to its new key")
    func handOverRead() {
        var streams = Streams(capacityBytes: 10_000)
        _ = read(&streams, a, 1, "x")
        #expect(read(&streams, b, 1, "x") == .kept)
        #expect(streams.find("x")?.stream == b)
        #expect(!streams.holds(a))
        #expect(read(&streams, a, 2, "y") == .kept)
        // The feed comes later, with what has long been known.
        tell(&streams, a, 2, "y")
        tell(&streams, b, 1, "x")
        #expect(streams.find("x")?.stream == b)
        #expect(streams.find("y")?.age.version == 2)
    }

    @Test("let an old change of a former holder cost a look, not a wrong answer")
    func lateFeed() {
        var streams = Streams(capacityBytes: 10_000)
        _ = read(&streams, b, 1, "x")
        tell(&streams, a, 1, "x")
        #expect(streams.find("x") == nil)
    }

    @Test("forget a stream that is deleted, removed, found elsewhere or found nowhere")
    func deletion() {
        for step in 0..<4 {
            var streams = Streams(capacityBytes: 10_000)
            _ = read(&streams, a, 1, "x")
            switch step {
            case 0: tell(&streams, a, 2, nil)
            case 1: tell(&streams, a, nil, nil)
            case 2:
                let isOutdated = streams.found(a, age(2), elsewhere: nil)
                #expect(!isOutdated)
            default: streams.foundNobody("x")
            }
            #expect(streams.find("x") == nil)
            #expect(streams.count == 0 && streams.bytes == 0 && !streams.holds(a))
        }
    }

    @Test("know better than a slow look that finds a stream elsewhere at an older version")
    func outdatedElsewhere() {
        var streams = Streams(capacityBytes: 10_000)
        _ = read(&streams, a, 3, "x")
        let isOutdated = streams.found(a, age(2), elsewhere: "y")
        #expect(isOutdated)
        #expect(streams.find("x")?.age.version == 3)
    }

    @Test("stay within their bytes, and forget whose entry left")
    func bound() {
        var streams = Streams(capacityBytes: 10_000)
        for index in 0..<100 {
            let stream = StreamID(category: "note", id: UUIDv7(at: Timestamp(millisecondsSinceEpoch: Int64(index))))
            #expect(read(&streams, stream, 1, "key\(index)") == .kept)
            #expect(streams.bytes <= 10_000)
        }
        #expect(streams.count > 5)
        #expect(streams.evictions == 100 - streams.count)
        var none = Streams(capacityBytes: 0)
        #expect(read(&none, a, 1, "x") == .notKept)
        #expect(!none.holds(a))
    }

    @Test("let an answer leave whose key becomes one that is only equivalent")
    func equivalentKey() {
        var streams = Streams(capacityBytes: 10_000)
        #expect(read(&streams, a, 1, "K") == .kept)
        tell(&streams, a, 2, "\u{212A}")
        #expect(streams.find("K") == nil)
        #expect(streams.find("\u{212A}") == nil)
    }
}
