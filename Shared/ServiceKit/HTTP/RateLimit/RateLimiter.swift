// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import NIOCore
internal import Synchronization

/// The rate limit of a server, over all its connections and event loops.
final class RateLimiter: Sendable {
    /// How many clients it remembers: 2 MiB.
    static let capacity = 1 << 16

    let limit: RateLimit
    /// What who has no token is answered (RFC 6585 §4).
    let problem: ProblemDetails
    // Held for tens of nanoseconds: one lock bears millions of requests a second.
    private let buckets: Mutex<ClientBuckets>

    init(_ limit: RateLimit) {
        self.limit = limit
        buckets = Mutex(ClientBuckets(limit, capacity: Self.capacity))
        problem = ProblemDetails(
            .tooManyRequests, retryAfter: .seconds(1),
            detail: "a client may make \(limit.perSecond) requests a second, and \(limit.burst) at once")
    }

    /// Whose tokens a request takes.
    ///
    /// - Parameter peer: the other end of its connection.
    func client(at peer: IPAddress, _ request: ArrivingRequest) -> IPAddress {
        limit.proxies.client(at: peer, request).client
    }

    /// Takes a token of a client's.
    func take(_ client: IPAddress, now: NIODeadline = .now()) -> RateLimitVerdict {
        buckets.withLock { $0.take(client, now: now) }
    }

    /// Puts back a token that was taken for a request that will come again.
    func giveBack(_ client: IPAddress) { buckets.withLock { $0.giveBack(client) } }
}
