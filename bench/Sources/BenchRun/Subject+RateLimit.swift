// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit

extension Subject {
    /// What a rate limit costs whoever keeps to it, and how exact it is for many clients at once.
    static let rateLimit = Subject(name: "rate-limit", needsSystem: true) { system, settings in
        func hotGets(_ limit: [String: String]) throws -> Double {
            try system.with(limit) {
                // The first answers are the ones that are kept.
                _ = try system.getHot(settings, "count", settings.hotUsers * 20)
                return try system.getHot(settings, "seconds", settings.loadSeconds).rate
            }
        }
        var readings = [
            Reading(.unlimitedGets, try hotGets([:])),
            Reading(.limitedGets, try hotGets(["RATE_LIMIT": "100000", "RATE_LIMIT_BURST": "1000000"])),
        ]
        readings += try system.with([
            "RATE_LIMIT": "1", "RATE_LIMIT_BURST": "\(LimitedClients.burst)", "TRUSTED_PROXIES": "127.0.0.1",
        ]) { try LimitedClients(count: 10_000).measure(system) }
        // Whoever has the next turn finds them running, as ever.
        try system.start()
        return readings
    }
}

/// Clients behind a proxy, each of which asks more often than it may.
private struct LimitedClients {
    /// How many requests a client may make at once; one a second comes on top.
    static let burst = 5
    /// How often each asks.
    private static let requests = 10

    let count: Int

    func measure(_ system: SystemUnderTest) throws -> [Reading] {
        func memory() -> Double {
            system.processes.first { $0.name == Service.Name.queryAPI.rawValue }
                .flatMap { ProcFile.residentMemory(of: $0.pid) } ?? 0
        }
        let before = memory()
        let client = HTTPClient()
        // One request after the other, so that it is known when each was made.
        let target = client.add(port: system.port(.queryAPI), maxConnections: 1)
        var buckets = [Bucket?](repeating: nil, count: count)
        var (answered, due) = (0, 0)
        for number in 0..<count {
            // All of a client's at once: between two rounds of all of them its bucket would be full again.
            for _ in 0..<Self.requests {
                client.submit(request(number), to: target, since: .now)
                var status = 0
                let deadline = ContinuousClock.now + .seconds(5)
                while client.pending > 0, .now < deadline { client.wait(until: deadline) { status = $0.status } }
                guard status == 404 || status == 429 else {
                    throw Program.Failure(description: "a limited client was answered with \(status)")
                }
                if status != 429 { answered += 1 }
                var bucket = buckets[number] ?? Bucket(at: .now, tokens: Double(Self.burst))
                if bucket.take(at: .now, limit: Double(Self.burst)) { due += 1 }
                buckets[number] = bucket
            }
        }
        return [
            Reading(.requestsDue, Double(due)), Reading(.requestsAnswered, Double(answered)),
            Reading(.memoryBeforeClients, before), Reading(.memoryWithClients, memory()),
        ]
    }

    private func request(_ number: Int) -> [UInt8] {
        let address = "10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"
        return Array(
            "GET /users/nobody@example.org HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: \(address)\r\n\r\n".utf8)
    }

    /// What a client may ask for by the definition: one token a second, and no more than a burst of them.
    private struct Bucket {
        var at: ContinuousClock.Instant
        var tokens: Double

        mutating func take(at now: ContinuousClock.Instant, limit: Double) -> Bool {
            tokens = min(limit, tokens + (now - at) / .seconds(1))
            at = now
            guard tokens >= 1 else { return false }
            tokens -= 1
            return true
        }
    }
}
