// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials

/// What was told of streams lately, so that nothing older that was read meanwhile is kept.
///
/// A value that decides. It remembers the last 16,384 streams at least, and the time since when it remembers all.
struct ToldAges: Sendable {
    /// A moment, in notices.
    typealias Time = UInt64

    private static var limit: Int { 16_384 }

    private var current: [StreamID: DocumentAge] = [:]
    private var previous: [StreamID: DocumentAge] = [:]
    private var currentBegan: Time = 0
    private var previousBegan: Time = 0
    private(set) var now: Time = 0

    /// A stream's document is this recent by now, or removed.
    mutating func note(_ stream: StreamID, _ age: DocumentAge?) {
        now += 1
        if current.count >= Self.limit {
            (previous, previousBegan) = (current, currentBegan)
            (current, currentBegan) = ([:], now)
            current.reserveCapacity(Self.limit)
        }
        // Nothing that was read before a removal may be kept.
        current[stream] = max(age ?? .latest, latest(of: stream) ?? .earliest)
    }

    /// Whether nothing later than a document can have been told since a reading of it began.
    func allow(_ stream: StreamID, _ age: DocumentAge, since start: Time) -> Bool {
        start >= previousBegan && latest(of: stream).map { $0 <= age } ?? true
    }

    /// Something may not have been told: what is being read now is not known to be the latest.
    mutating func forget() {
        now += 1
        (current, previous) = ([:], [:])
        (currentBegan, previousBegan) = (now, now)
    }

    private func latest(of stream: StreamID) -> DocumentAge? { current[stream] ?? previous[stream] }
}

extension DocumentAge {
    fileprivate static let earliest = DocumentAge(updatedAt: Timestamp(millisecondsSinceEpoch: .min), version: 0)
    fileprivate static let latest = DocumentAge(updatedAt: Timestamp(millisecondsSinceEpoch: .max), version: .max)
}
