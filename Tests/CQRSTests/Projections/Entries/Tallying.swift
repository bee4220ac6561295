// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials

/// A document of these tests' own: what was added in all, beside an entry for each number that is not 0.
struct Tally: TombstoneDocument {
    typealias Entry = TallyEntry

    var total: Int?
    var version: Int64
    var updatedAt: Timestamp

    var isDeleted: Bool { total == nil }
}

struct TallyEntry: ReadModelEntry {
    var amount: Int
    var version: Int64
}

/// Adds numbers up; 1000 deletes, and nothing can follow that. A negative number cannot be applied.
enum TallyProjection: Projection {
    static let name = "tallies"
    static let category = "count"
    static let eventPatterns = ["count.*"]

    static func evolve(
        _ document: Tally?, _ event: CountEvent, _ recorded: RecordedEvent
    ) throws(MalformedEvent) -> Tally {
        guard case .added(let amount) = event, amount >= 0, document?.isDeleted != true else {
            throw MalformedEvent(.invalidData, "amount")
        }
        return Tally(
            total: amount == 1000 ? nil : (document?.total ?? 0) + amount, version: recorded.version,
            updatedAt: recorded.recordedAt)
    }

    static func entry(_ event: CountEvent, _ recorded: RecordedEvent) -> TallyEntry? {
        guard case .added(let amount) = event, amount > 0, amount < 1000 else { return nil }
        return TallyEntry(amount: amount, version: recorded.version)
    }
}

/// The events of a stream that adds these, one after the other.
func tallied(_ stream: StreamID, _ amounts: [Int], from version: Int64 = 1) -> [RecordedEvent] {
    amounts.enumerated().map { .count(stream, version + Int64($0.offset), adding: $0.element) }
}

extension InMemoryReadModel where Document == Tally {
    /// The amounts of a stream's entries, in order.
    func amounts(of stream: StreamID) -> [Int] {
        entries.filter { $0.key.stream == stream }.sorted { $0.key < $1.key }.map(\.value.amount)
    }
}
