// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRSTesting
import Essentials
import Logging
import TestSupport
import Testing

@testable import CQRS
@testable import CQRSServing

@Suite("Waiting for a version", .timeLimit(.minutes(2)))
struct NearCacheWaitingTests {
    let model = HeldModel()

    private func withCache(_ body: (NearCache<HeldModel, String>) async throws -> Void) async throws {
        let cache = NearCache(
            "slips", of: model, notices: model.documents,
            content: NearCacheContent(lookup: Slip.byText, stream: { $0.stream }) { slip in
                slip.text.map { ("\($0) \(slip.version)", 20) }
            }, capacityBytes: 1 << 20, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await cache.run() }
            try await eventually("open") { cache.isFollowing }
            try await body(cache)
            #expect(cache.waiters.count == 0)
            group.cancelAll()
        }
    }

    private func version(_ answer: VersionedAnswer<String>) -> Int64? {
        if case .found(let found) = answer { found.version } else { nil }
    }

    @Test("ends with the version, as soon as the feed tells of it")
    func wakes() async throws {
        try await withCache { cache in
            let slip = await model.write("x")
            let stream = try #require(slip.stream)
            for target in [stream, nil] {
                #expect(version(try await cache.find("x", atLeast: 1, of: target, within: .seconds(30))) == 1)
            }
            for target in [stream, nil] {
                let present = try #require(await model.documents.load([stream])[stream])
                async let waited = cache.find("x", atLeast: present.version + 1, of: target, within: .seconds(60))
                try await eventually("waiting") { cache.waiters.count == 1 }
                await model.write("x", after: present)
                #expect(version(try await waited) == present.version + 1)
            }
        }
    }

    @Test("ends at its time when the version does not come, and at once when there is none")
    func timeout() async throws {
        try await withCache { cache in
            let stream = await model.write("x").stream
            for limit in [Duration.zero, .milliseconds(50)] {
                for target in [stream, nil] {
                    guard case .notYetVisible = try await cache.find("x", atLeast: 2, of: target, within: limit) else {
                        Issue.record("found what is not there")
                        return
                    }
                }
            }
        }
    }

    @Test("is for the stream that is meant: the one who had the key before does not do")
    func handOver() async throws {
        try await withCache { cache in
            // Before it reflects that the key was given up, the former holder is found, at a version that would do.
            let former = await model.write("x")
            let successor = StreamID(category: "slip", id: UUIDv7(at: .now()))
            async let waited = cache.find("x", atLeast: 1, of: successor, within: .seconds(60))
            try await eventually("waiting") { cache.waiters.count == 1 }
            await model.write("y", after: former)
            #expect(cache.waiters.count == 1)
            let slip = Slip(id: successor.name, text: "x", version: 1, updatedAt: .now())
            _ = try await model.write([ReadModelChange(stream: successor, baseVersion: 0, document: slip)])
            guard case .found(let found) = try await waited else {
                Issue.record("not found")
                return
            }
            #expect(found.stream == successor)
            // The former holder has the version asked for, elsewhere.
            for stream in [former.stream, successor] {
                guard case .elsewhere = try await cache.find("z", atLeast: 1, of: stream, within: .zero) else {
                    Issue.record("found under a key it never had")
                    return
                }
            }
        }
    }

    @Test("says that a stream is elsewhere when it is deleted while somebody waits")
    func deleted() async throws {
        try await withCache { cache in
            let slip = await model.write("x")
            async let waited = cache.find("x", atLeast: 2, of: slip.stream, within: .seconds(60))
            try await eventually("waiting") { cache.waiters.count == 1 }
            await model.write(nil, after: slip)
            guard case .elsewhere = try await waited else {
                Issue.record("found a deleted one")
                return
            }
        }
    }

    @Test("is ended by cancellation, and leaves nothing behind")
    func cancellation() async throws {
        try await withCache { cache in
            await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await cache.find("x", atLeast: 1, of: nil, within: .seconds(600)) }
                try? await eventually("waiting") { cache.waiters.count == 1 }
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
        }
    }

    @Test("goes on by shared looks while the feed is broken, and once it is opened anew")
    func broken() async throws {
        try await withCache { cache in
            let slip = await model.write("x")
            model.documents.setFeedsBroken(true)
            for target in [slip.stream, nil] {
                let stream = try #require(slip.stream)
                let present = try #require(await model.documents.load([stream])[stream])
                async let waited = cache.find("x", atLeast: present.version + 1, of: target, within: .seconds(60))
                try await eventually("waiting") { cache.waiters.count == 1 }
                await model.write("x", after: present)
                #expect(version(try await waited) == present.version + 1)
            }
        }
    }

    @Test("of 5,000 costs one look each, and one change wakes all who wait for it")
    func many() async throws {
        try await withCache { cache in
            let slips = await withTaskGroup(of: Slip.self) { group in
                for index in 0..<10 { group.addTask { await model.write("x\(index)") } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let before = model.reads.value
            try await withThrowingTaskGroup(of: Int64?.self) { group in
                for index in 0..<5000 {
                    let slip = slips[index % 10]
                    group.addTask {
                        version(
                            try await cache.find(slip.text ?? "", atLeast: 2, of: slip.stream, within: .seconds(60)))
                    }
                }
                try await eventually("waiting") { cache.waiters.count == 5000 }
                try await eventually("looked") { model.reads.value >= before + 5000 }
                for slip in slips { await model.write(slip.text, after: slip) }
                for try await version in group { #expect(version == 2) }
            }
            // Besides, a look for all of them together after the feed was opened, and when it falls behind.
            #expect(model.reads.value <= before + 5050)
        }
    }
}
