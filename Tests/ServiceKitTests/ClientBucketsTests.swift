// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import NIOCore
import TestSupport
import Testing

@testable import ServiceKit

@Suite("The buckets of clients", .timeLimit(.minutes(1)))
struct ClientBucketsTests {
    private let limit = RateLimit(perSecond: 10, burst: 20)
    private let start = NIODeadline.uptimeNanoseconds(5_000_000_000)

    private func client(_ number: Int) throws -> IPAddress {
        try #require(IPAddress("10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"))
    }

    @Test("give each of 10,000 clients what it may have, whoever asks beside it, and no more")
    func exact() throws {
        let clients = try (0..<10_000).map(client)
        var buckets = ClientBuckets(limit, capacity: RateLimiter.capacity)
        var allowed = Array(repeating: 0, count: clients.count)
        // For two seconds: all ask 25 times a second, but every tenth 5 times.
        for step in 0..<50 {
            let now = start + .milliseconds(40) * step
            for (number, client) in clients.enumerated() where number % 10 > 0 || step % 5 == 0 {
                if buckets.take(client, now: now) != .refused { allowed[number] += 1 }
            }
        }
        let modest = stride(from: 0, to: clients.count, by: 10).map { allowed[$0] }
        #expect(modest.allSatisfy { $0 == 10 })
        // A burst, and what has come in the 1.96 s up to the last request.
        let greedy = allowed.reduce(0, +) - modest.reduce(0, +)
        let mayHave = 9000 * (20 + 19)
        #expect(abs(greedy - mayHave) * 20 <= mayHave, "\(greedy) of \(mayHave)")
        // As the allocator rounds it.
        #expect(buckets.sizeBytes <= 2 << 20 + 8 << 10)
    }

    @Test("take the memory that they take, however many clients there are")
    func memory() throws {
        var buckets = ClientBuckets(limit, capacity: 1024)
        let size = buckets.sizeBytes
        for number in 0..<50_000 { _ = buckets.take(try client(number), now: start) }
        #expect(buckets.sizeBytes == size)
        #expect(size <= 1024 * 32 + 8 << 10)
    }

    @Test(
        "do not forget who has used up a bucket, and refuse nobody else, when more clients come than there are places")
    func crowd() throws {
        var buckets = ClientBuckets(limit, capacity: 64)
        let greedy = try client(0)
        for _ in 0..<20 { _ = buckets.take(greedy, now: start) }
        for number in 1...10_000 {
            #expect(buckets.take(try client(number), now: start) == .allowed(remaining: 19))
        }
        #expect(buckets.take(greedy, now: start) == .refused)
    }

    @Test("have room again for others when a bucket is full again")
    func room() throws {
        var buckets = ClientBuckets(limit, capacity: 16)
        for number in 0..<16 {
            for _ in 0..<20 { _ = buckets.take(try client(number), now: start) }
        }
        let late = try client(99)
        // Nobody gives way to who has asked once, so nobody counts that.
        #expect(buckets.take(late, now: start) == .allowed(remaining: 19))
        #expect(buckets.take(late, now: start) == .allowed(remaining: 19))
        let later = start + limit.fillTime
        #expect(buckets.take(late, now: later) == .allowed(remaining: 19))
        #expect(buckets.take(late, now: later) == .allowed(remaining: 18))
    }

    @Test("count exactly, however many event loops ask at once")
    func concurrent() async throws {
        let limiter = RateLimiter(limit)
        let clients = try (0..<10_000).map(client)
        let allowed = Counter()
        await withTaskGroup { group in
            for _ in 0..<5 {
                group.addTask { [start] in
                    for client in clients {
                        for _ in 0..<5 where limiter.take(client, now: start) != .refused { allowed.add() }
                    }
                }
            }
        }
        #expect(allowed.value == 10_000 * 20)
    }
}
