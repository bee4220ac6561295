// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import NIOCore
import Testing

@testable import ServiceKit

@Suite("A token bucket")
struct TokenBucketTests {
    private let limit = RateLimit(perSecond: 4, burst: 3)
    private let start = NIODeadline.uptimeNanoseconds(5_000_000_000)

    @Test("gives as many tokens at once as it holds, and tells how many are left")
    func burst() {
        var bucket = TokenBucket()
        let verdicts = (0..<5).map { _ in bucket.take(limit, now: start) }
        #expect(
            verdicts == [
                .allowed(remaining: 2), .allowed(remaining: 1), .allowed(remaining: 0), .refused, .refused,
            ])
    }

    @Test("gets a token each time that one takes to come, and what was refused takes none")
    func refill() {
        var bucket = TokenBucket()
        for _ in 0..<50 { _ = bucket.take(limit, now: start) }
        #expect(bucket.take(limit, now: start + .milliseconds(249)) == .refused)
        #expect(bucket.take(limit, now: start + .milliseconds(250)) == .allowed(remaining: 0))
        #expect(bucket.take(limit, now: start + .milliseconds(499)) == .refused)
        #expect(bucket.take(limit, now: start + .milliseconds(1000)) == .allowed(remaining: 2))
    }

    @Test("holds no more than a burst, however long nobody asks")
    func full() {
        var bucket = TokenBucket()
        _ = bucket.take(limit, now: start)
        #expect(bucket.take(limit, now: start + .hours(24)) == .allowed(remaining: 2))
    }

    @Test("has a token again that was given back")
    func givenBack() {
        var bucket = TokenBucket()
        for _ in 0..<3 { _ = bucket.take(limit, now: start) }
        bucket.giveBack(limit)
        #expect(bucket.take(limit, now: start) == .allowed(remaining: 0))
        #expect(bucket.take(limit, now: start) == .refused)
    }

    @Test(
        "has a policy whose time is whole seconds and promises no more than it keeps",
        arguments: [
            (10, 10, #""client";q=10;w=1"#), (10, 25, #""client";q=25;w=3"#), (100, 1, #""client";q=1;w=1"#),
        ])
    func policy(perSecond: Int, burst: Int, text: String) {
        #expect(RateLimit(perSecond: perSecond, burst: burst).policy == text)
    }

    @Test("says what is left in the same words, whichever way an answer takes")
    func text() {
        for verdict in [RateLimitVerdict.allowed(remaining: 41), .refused] {
            var bytes = ByteBuffer()
            verdict.write(to: &bytes)
            #expect(String(buffer: bytes) == "RateLimit: \(verdict.text)\r\n")
        }
        #expect(RateLimitVerdict.allowed(remaining: 41).text == #""client";r=41;t=1"#)
        #expect(RateLimitVerdict.refused.text == #""client";r=0;t=1"#)
    }
}
