// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import NIOCore

/// The token buckets of clients, in memory that never grows.
///
/// A bucket that is full again needs no memory. So the places are for those who have asked lately, and where there are more of
/// them than places, one who has asked little gives way to one who has asked more, and is taken for one who has not asked:
/// who has used up a bucket is not forgotten for the sake of others, and nobody is refused because of others.
///
/// A client has one of a few places, which its address tells: a table that is associative by sets, as a processor's cache.
struct ClientBuckets {
    private struct Place {
        var client: IPAddress?
        var bucket = TokenBucket()
    }

    /// How many places there are for an address. Where 10,000 clients have 65,536 places, those of an address are taken by
    /// others once in a hundred million times.
    private static let placesPerSet = 16

    private let limit: RateLimit
    private var places: [Place]

    /// - Parameter capacity: how many clients are remembered; rounded down to a multiple of 16, at least 16.
    init(_ limit: RateLimit, capacity: Int) {
        self.limit = limit
        places = Array(repeating: Place(), count: max(1, capacity / Self.placesPerSet) * Self.placesPerSet)
    }

    /// The memory that the places take.
    var sizeBytes: Int { places.capacity * MemoryLayout<Place>.stride }

    /// Takes a token of a client's.
    mutating func take(_ client: IPAddress, now: NIODeadline) -> RateLimitVerdict {
        let set = set(of: client)
        var fullest = set.lowerBound
        for index in set {
            if places[index].client == client { return places[index].bucket.take(limit, now: now) }
            if places[index].bucket.fullAt < places[fullest].bucket.fullAt { fullest = index }
        }
        var bucket = TokenBucket()
        let verdict = bucket.take(limit, now: now)
        if places[fullest].bucket.fullAt <= bucket.fullAt { places[fullest] = Place(client: client, bucket: bucket) }
        return verdict
    }

    /// Puts a client's token back, if the client is remembered.
    mutating func giveBack(_ client: IPAddress) {
        guard let index = set(of: client).first(where: { places[$0].client == client }) else { return }
        places[index].bucket.giveBack(limit)
    }

    private func set(of client: IPAddress) -> Range<Int> {
        // Hashes have another seed in each process: nobody can choose addresses for a set.
        let sets = UInt(places.count / Self.placesPerSet)
        let start = Int(UInt(bitPattern: client.hashValue) % sets) * Self.placesPerSet
        return start..<start + Self.placesPerSet
    }
}
