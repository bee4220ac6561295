// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Configuration
internal import NIOCore

/// How many requests each client may make: a token bucket of its own for everyone.
public struct RateLimit: Sendable, Hashable {
    /// How many requests a second, in the long run.
    let perSecond: Int
    /// How many at once, after a time without any.
    let burst: Int
    /// Behind whom the client is not the other end of the connection.
    let proxies: TrustedProxies

    init(perSecond: Int, burst: Int, proxies: [AddressBlock] = []) {
        precondition(perSecond > 0 && burst > 0)
        self.perSecond = perSecond
        self.burst = burst
        self.proxies = TrustedProxies(blocks: proxies)
    }

    /// Reads from a reader that is not scoped; `nil` when there is no limit.
    ///
    /// - `rateLimit` (`RATE_LIMIT`, requests a second, 0 to 100000, default 0, which is no limit)
    /// - `rateLimitBurst` (`RATE_LIMIT_BURST`, requests, 1 to 1000000, default as many as a second)
    /// - `trustedProxies` (`TRUSTED_PROXIES`, addresses and blocks of them such as 10.0.0.0/8 and 2001:db8::/32 with commas
    ///   between them, default none)
    ///
    /// - Throws: ``ConfigurationError`` with the name of the variable.
    public init?(reader: ConfigReader) throws(ConfigurationError) {
        let perSecond = try reader.boundedInt("rateLimit", default: 0, in: 0...100_000)
        let burst = try reader.boundedInt("rateLimitBurst", default: max(1, perSecond), in: 1...1_000_000)
        var proxies: [AddressBlock] = []
        for text in try reader.list("trustedProxies") {
            guard let block = AddressBlock(text) else {
                throw ConfigurationError(
                    name: reader.environmentName("trustedProxies"),
                    problem:
                        "has \"\(text.prefix(64))\", which is no address and no block of addresses such as 10.0.0.0/8")
            }
            proxies.append(block)
        }
        guard perSecond > 0 else { return nil }
        self.init(perSecond: perSecond, burst: burst, proxies: proxies)
    }

    /// How long a token takes to come.
    var interval: TimeAmount { .nanoseconds(1_000_000_000 / Int64(perSecond)) }
    /// How long an empty bucket takes to be full.
    var fillTime: TimeAmount { interval * burst }

    /// `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-11 §3): as many requests as a full bucket has, in the time,
    /// in whole seconds, in which an empty one is full again.
    var policy: String { "\"client\";q=\(burst);w=\((burst + perSecond - 1) / perSecond)" }
}
