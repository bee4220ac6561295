// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Inventory
import MongoDB
import Testing

private typealias Given = ItemScenario
private let stream = Items.stream(of: sampleID)
private let stocked = [Given.created, Given.adjusted(20)]

private func document(after events: [ItemEvent]) throws -> ReservationsDocument {
    try #require(try ReservationsProjection.document(after: events, stream: stream))
}

@Suite("The projection of open reservations")
struct ReservationsProjectionTests {
    @Test("keeps reservations in the order in which they were made, with all that is known of them")
    func order() throws {
        let reservation = ItemEvent.reserved(
            StockReserved(
                id: sampleID, reservationID: uuid(2), store: "main", quantity: 3, reference: "order 7",
                expiresAt: time(of: 99)))
        let item = try document(after: stocked + [Given.reserved(3, 1), reservation])
        #expect(item.oldestFirst.map(\.id) == [uuid(3).description, uuid(2).description])
        let view = try #require(ReservationView.all(in: item)?.last)
        #expect((view.store, view.quantity, view.reference) == ("main", 3, "order 7"))
        #expect((view.reservedAt, view.expiresAt) == (time(of: 4), time(of: 99)))
    }

    @Test("keeps of a reservation what is left, until nothing is")
    func parts() throws {
        let past = stocked + [Given.reserved(2, 4), Given.reserved(3, 1)]
        #expect(try document(after: past + [Given.released(2, 1)]).oldestFirst.map(\.quantity) == [3, 1])
        #expect(try document(after: past + [Given.released(2, 4)]).oldestFirst.map(\.quantity) == [1])
        #expect(try document(after: past + [Given.confirmed(2, 4)]).oldestFirst.map(\.quantity) == [1])
    }

    @Test("carries the version of events that reserve nothing, too")
    func versions() throws {
        let item = try document(after: stocked + [Given.reserved(2, 4), Given.updated("Torch"), Given.adjusted(1)])
        #expect((item.version, item.updatedAt, item.oldestFirst.count) == (5, time(of: 5), 1))
    }

    @Test("shows none of a deleted item")
    func deletion() throws {
        let item = try document(after: stocked + [Given.deleted])
        #expect(item.isDeleted)
        #expect(ReservationView.all(in: item) == nil)
        #expect(ReservationView.all(in: try document(after: stocked)) == [])
    }

    @Test("survives being stored as BSON, in order")
    func stored() throws {
        let item = try document(after: stocked + [Given.reserved(3, 1), Given.reserved(2, 4, for: "order 7")])
        let stored = try BSONEncoder().encode(item)
        #expect(stored["reservations"]?.type == .array)
        #expect(try BSONDecoder().decode(ReservationsDocument.self, from: stored) == item)
    }

    @Test("with as many reservations as there can be fits into a document of the database")
    func size() throws {
        let (most, reference) = (ItemDecider.reservationLimit, String(repeating: "🔦", count: Remark.maximumLength))
        let past =
            [Given.created, Given.adjusted(most)]
            + (2..<most + 2).map { Given.reserved($0, 1, String(repeating: "s", count: 32), for: reference) }
        #expect(try BSONEncoder().encode(document(after: past)).bytes.count < 16 * 1024 * 1024)
    }

    @Test(
        "refuses what cannot follow",
        arguments: [
            [Given.reserved(2, 1)], [Given.created, Given.created], [Given.created, Given.deleted, Given.adjusted(1)],
            [Given.created, Given.released(2, 1)], [Given.created, Given.confirmed(2, 1)],
            stocked + [Given.reserved(2, 1), Given.reserved(2, 1)],
            stocked + [Given.reserved(2, 1), Given.released(2, 2)],
            stocked + [Given.reserved(2, 1), Given.confirmed(2, 1), Given.confirmed(2, 1)],
        ])
    func impossible(events: [ItemEvent]) throws {
        #expect(try ReservationsProjection.refusal(ofLast: events, stream: stream) == .invalidData)
    }
}
