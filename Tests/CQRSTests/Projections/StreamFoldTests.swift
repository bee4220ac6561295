// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import CQRS

@Suite("What a batch means for a stream")
struct StreamFoldTests {
    let stream = makeStream()
    private var fold = StreamFold<CountProjection>()
    private var deliveries: UInt64 = 0

    private var events: [Int64: RecordedEvent] = [:]

    /// The stream's event with this version.
    private mutating func event(_ version: Int64) -> RecordedEvent {
        let event = events[version] ?? .count(stream, version, adding: 1)
        events[version] = event
        return event
    }

    private mutating func deliver(_ versions: Int64...) {
        for version in versions {
            deliveries += 1
            let event = event(version)
            fold.add(.added(1), event, EventDelivery(id: .init(deliveries), event: .success(event)))
        }
    }

    @Test("is a write at the version of the document, and repeats that are ignored")
    mutating func repeats() {
        deliver(3, 2, 5, 4, 5)
        let outcome = fold.apply(stream: stream, to: Count(total: 3, version: 3))
        #expect(outcome.change?.baseVersion == 3)
        #expect(outcome.change?.document == Count(total: 5, version: 5))
        #expect(outcome.applied.map(\.version) == [4, 5])
        #expect(outcome.ignored == 3)
        #expect(outcome.healed == 0)
        #expect(outcome.settled.count == 5)
        #expect(outcome.rest.isEmpty)
    }

    @Test("is a gap where versions are missing, and what is settled before is not kept")
    mutating func gap() {
        deliver(1, 5, 7)
        let outcome = fold.apply(stream: stream, to: nil)
        #expect(outcome.document == Count(total: 1, version: 1))
        #expect(outcome.settled.count == 1)
        #expect(outcome.rest.deliveries.count == 2)
        #expect(outcome.rest.gap(after: outcome.document) == 2...4)
        #expect(outcome.rest.gap(after: Count(total: 4, version: 4)) == nil)
        #expect(outcome.rest.gap(after: Count(total: 9, version: 9)) == nil)
    }

    @Test("is filled from the event store, page by page, and what was read is told from what was delivered")
    mutating func filling() {
        deliver(5)
        #expect(fold.fill(1...4, with: [event(1), event(2)]).isEmpty)
        var outcome = fold.apply(stream: stream, to: nil)
        #expect(outcome.healed == 2)
        #expect(outcome.settled.isEmpty)
        fold = outcome.rest
        #expect(fold.fill(3...4, with: [event(3), event(4), event(5)]).isEmpty)
        outcome = fold.apply(stream: stream, to: outcome.document)
        #expect(outcome.document == Count(total: 5, version: 5))
        #expect(outcome.applied.count == 3)
        #expect(outcome.healed == 2)
        #expect(outcome.settled.count == 1)
        #expect(outcome.rest.isEmpty)
    }

    @Test("is given up where the event store has nothing either")
    mutating func givingUp() {
        deliver(3, 4, 4)
        let letters = fold.fill(1...2, with: [])
        #expect(letters.count == 3)
        #expect(letters.allSatisfy { $0.cause.reason == .missingVersions })
        #expect(fold.isEmpty)
    }
}
