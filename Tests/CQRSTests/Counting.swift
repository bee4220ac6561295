// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials

/// A context made for these tests: streams that count. Nothing in the kit may know what its events mean.
enum CountEvent: DomainEvent {
    case added(Int)

    var type: String { "count.added" }
    var schema: Int { 1 }

    func encoded() -> [UInt8] {
        guard case .added(let amount) = self else { return [] }
        return Array(#"{"amount":"\#(amount)"}"#.utf8)
    }

    static func decode(latest event: RecordedEvent) throws(MalformedEvent) -> CountEvent {
        guard event.type == "count.added" else { throw MalformedEvent(.unknownType, "type") }
        guard event.schema == 1 else { throw MalformedEvent(.unknownSchema, "schema") }
        guard let amount = Int(try EventData(event).string("amount")) else {
            throw MalformedEvent(.invalidData, "amount")
        }
        return .added(amount)
    }
}

struct Count: ReadModelDocument {
    var total: Int
    var version: Int64
    var updatedAt: Timestamp

    static let totals = SumTable("totals", columns: ["total", "streams"])
    static var sums: [SumTable] { [totals] }
    var addends: [SumAddend] { [SumAddend(Self.totals, "all", [Int64(total), 1])] }

    /// Times are no part of what most tests compare.
    static func == (one: Count, other: Count) -> Bool { one.total == other.total && one.version == other.version }

    /// - Parameter updatedAt: `nil` for the time of the event with that version, see ``RecordedEvent/count(_:_:adding:at:)``.
    init(total: Int, version: Int64, updatedAt: Timestamp? = nil) {
        self.total = total
        self.version = version
        self.updatedAt = updatedAt ?? Timestamp(millisecondsSinceEpoch: version)
    }
}

/// Refuses negative amounts, so that an event can be understood and still not be applicable.
enum CountProjection: Projection {
    static let name = "counts"
    static let category = "count"
    static let eventPatterns = ["count.*"]

    static func evolve(
        _ document: Count?, _ event: CountEvent, _ recorded: RecordedEvent
    ) throws(MalformedEvent) -> Count {
        guard case .added(let amount) = event, amount >= 0 else { throw MalformedEvent(.invalidData, "negative") }
        return Count(
            total: (document?.total ?? 0) + amount, version: recorded.version, updatedAt: recorded.recordedAt)
    }
}

extension RecordedEvent {
    /// - Parameter time: when it was recorded; `nil` for a time that every event of that version has.
    static func count(
        _ stream: StreamID, _ version: Int64, adding amount: Int, at time: Timestamp? = nil
    ) -> RecordedEvent {
        RecordedEvent(
            id: UUIDv7(at: .now()), stream: stream, version: version, type: "count.added", schema: 1,
            recordedAt: time ?? Timestamp(millisecondsSinceEpoch: version), data: CountEvent.added(amount).encoded(),
            metadata: EventMetadata(correlationID: "test"))
    }
}

extension Commit {
    /// A commit of as many events as there are amounts.
    static func count(_ stream: StreamID, _ version: Int64, adding amounts: Int...) -> Commit {
        let time = Timestamp(millisecondsSinceEpoch: version)
        let events = amounts.enumerated().map {
            RecordedEvent.count(stream, version + Int64($0.offset), adding: $0.element, at: time)
        }
        return Commit(events[0], Array(events.dropFirst()))
    }
}

func makeStream() -> StreamID { StreamID(category: "count", id: UUIDv7(at: .now())) }
