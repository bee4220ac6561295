// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import NIOCore

/// A token bucket, kept as the moment at which it will be full (the virtual scheduling algorithm of ITU-T I.371): it fills
/// by itself, and one that is full is as good as none.
struct TokenBucket {
    private(set) var fullAt = NIODeadline.distantPast

    /// Takes a token, if there is one.
    mutating func take(_ limit: RateLimit, now: NIODeadline) -> RateLimitVerdict {
        let next = max(fullAt, now) + limit.interval
        let left = limit.fillTime - (next - now)
        guard left >= .zero else { return .refused }
        fullAt = next
        return .allowed(remaining: Int(left.nanoseconds / limit.interval.nanoseconds))
    }

    /// Puts a token back that was taken.
    mutating func giveBack(_ limit: RateLimit) { fullAt = fullAt - limit.interval }
}
