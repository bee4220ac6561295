// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Testing

@testable import CQRS
@testable import CQRSServing

/// The races of readings with what is told, step by step. `a` and `b` are streams, `x` and `y` keys.
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

    private func tell(_ streams: inout Streams, _ stream: StreamID, _ version: Int64?, at time: Int64 = 0) {
        streams.apply(ChangeNotice(stream: stream, age: version.map { age($0, at: time) }))
    }

    /// The answer that can be relied on.
    private func current(_ streams: inout Streams, _ key: String, after pause: Duration = .zero) -> Streams.Entry? {
        streams.find(key).flatMap { $0.isCurrent(now: .now + pause) ? $0 : nil }
    }

    @Test("keep what was read, until its stream is told to have gone on")
    func update() {
        var streams = Streams(capacityBytes: 10_000)
        #expect(read(&streams, a, 1, "x") == .kept)
        tell(&streams, a, 1)
        #expect(current(&streams, "x")?.answer == "x1")
        tell(&streams, a, 2)
        #expect(current(&streams, "x") == nil)
        // It is the best there is while the read model is away.
        #expect(streams.find("x")?.answer == "x1")
        #expect(read(&streams, a, 2, "x") == .kept)
        #expect(current(&streams, "x")?.answer == "x2")
        #expect(streams.count == 1)
    }

    @Test("do not take what is older than was told for the latest, though it was read afterwards, and never go back")
    func behind() {
        var streams = Streams(capacityBytes: 10_000)
        _ = read(&streams, a, 2, "x")
        tell(&streams, a, 4)
        // Another server of the database answers.
        #expect(read(&streams, a, 2, "x") == .notKept)
        #expect(read(&streams, a, 3, "x") == .notKept)
        #expect(current(&streams, "x") == nil)
        #expect(read(&streams, a, 2, "x") == .outdated)
        #expect(streams.find("x")?.age.version == 3)
        #expect(read(&streams, a, 4, "x") == .kept)
        #expect(current(&streams, "x")?.age.version == 4)
        // Of who was not here, too.
        tell(&streams, b, 2)
        #expect(read(&streams, b, 1, "y") == .notKept)
        #expect(read(&streams, b, 2, "y") == .kept)
    }

    @Test("read again after a time what nobody has told anything of, even if it went back")
    func maximumAge() {
        var streams = Streams(capacityBytes: 10_000)
        _ = read(&streams, a, 2, "x")
        #expect(current(&streams, "x", after: Streams.maximumAge - .seconds(1)) != nil)
        #expect(current(&streams, "x", after: Streams.maximumAge + .seconds(1)) == nil)
        let later = ContinuousClock.now + Streams.maximumAge + .seconds(1)
        let reading = streams.beginReading()
        #expect(streams.add(entry(a, 1, "x"), sizeBytes: 10, read: reading) == .outdated)
        #expect(streams.add(entry(a, 1, "x"), sizeBytes: 10, read: reading, now: later) == .kept)
        #expect(streams.find("x")?.age.version == 1)
        let isOutdated = streams.found(a, age(0), elsewhere: "y", now: later)
        #expect(!isOutdated)
    }

    @Test("follow a stream that goes on from an earlier version, as after the event store was restored")
    func restored() {
        var streams = Streams(capacityBytes: 10_000)
        _ = read(&streams, a, 5, "x")
        tell(&streams, a, 2, at: 1)
        #expect(current(&streams, "x") == nil)
        let restored = Streams.Entry(stream: a, key: "x", age: age(2, at: 1), answer: "restored")
        #expect(streams.add(restored, sizeBytes: 10, read: streams.beginReading()) == .kept)
        #expect(current(&streams, "x")?.answer == "restored")
        // What was before the backup is over.
        #expect(read(&streams, a, 5, "x") == .outdated)
    }

    @Test("are not taken back by what is told late or again")
    func late() {
        var streams = Streams(capacityBytes: 10_000)
        _ = read(&streams, a, 5, "x")
        for version in Int64(1)...5 { tell(&streams, a, version) }
        #expect(current(&streams, "x")?.age.version == 5)
    }

    @Test(
        "do not keep what was read before a change that was told while reading, and nobody under a key given up by it")
    func slowReading() {
        var streams = Streams(capacityBytes: 10_000)
        let reading = streams.beginReading()
        tell(&streams, a, 2)
        #expect(streams.add(entry(a, 1, "x"), sizeBytes: 10, read: reading) == .notKept)
        #expect(streams.find("x") == nil)
        // What was told is what was read, or earlier.
        #expect(streams.add(entry(a, 2, "x"), sizeBytes: 10, read: reading) == .kept)
        #expect(streams.add(entry(b, 1, "y"), sizeBytes: 10, read: reading) == .kept)
    }

    @Test("do not keep what was being read when a document was removed")
    func removedMeanwhile() {
        var streams = Streams(capacityBytes: 10_000)
        let reading = streams.beginReading()
        tell(&streams, a, nil)
        #expect(streams.add(entry(a, 7, "x"), sizeBytes: 10, read: reading) == .notKept)
    }

    @Test("do not keep what was read for so long that nobody knows what was told meanwhile")
    func longReading() {
        var streams = Streams(capacityBytes: 10_000)
        let reading = streams.beginReading()
        tell(&streams, a, 2)
        for index in 0..<40_000 {
            tell(
                &streams, StreamID(category: "other", id: UUIDv7(at: Timestamp(millisecondsSinceEpoch: Int64(index)))),
                1)
        }
        #expect(streams.add(entry(a, 1, "x"), sizeBytes: 10, read: reading) == .notKept)
        #expect(streams.add(entry(b, 1, "y"), sizeBytes: 10, read: reading) == .notKept)
        #expect(read(&streams, b, 1, "y") == .kept)
    }

    @Test("do not keep what was read before something may have been missed")
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

    @Test("hand a key over from one stream to another, in whatever order that is told", arguments: [true, false])
    func handOver(isTakerFirst: Bool) {
        var streams = Streams(capacityBytes: 10_000)
        _ = read(&streams, a, 1, "x")
        if isTakerFirst { tell(&streams, b, 1) }
        tell(&streams, a, 2)
        #expect(current(&streams, "x") == nil)
        if !isTakerFirst { tell(&streams, b, 1) }
        #expect(read(&streams, b, 1, "x") == .kept)
        #expect(read(&streams, a, 2, "y") == .kept)
        #expect(current(&streams, "x")?.stream == b)
        #expect(current(&streams, "y")?.stream == a)
    }

    @Test("believe the read model where it names another stream for a key, and move the stream to its new key")
    func handOverRead() {
        var streams = Streams(capacityBytes: 10_000)
        _ = read(&streams, a, 1, "x")
        #expect(read(&streams, b, 1, "x") == .kept)
        #expect(streams.find("x")?.stream == b)
        #expect(!streams.holds(a))
        #expect(read(&streams, a, 2, "y") == .kept)
        // What has long been known is told later.
        tell(&streams, a, 2)
        tell(&streams, b, 1)
        #expect(streams.find("x")?.stream == b)
        #expect(streams.find("y")?.age.version == 2)
    }

    @Test("forget a stream that is removed, found elsewhere or found nowhere")
    func deletion() {
        for step in 0..<3 {
            var streams = Streams(capacityBytes: 10_000)
            _ = read(&streams, a, 1, "x")
            switch step {
            case 0: tell(&streams, a, nil)
            case 1:
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
}
