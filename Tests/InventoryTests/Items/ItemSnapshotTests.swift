// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Testing

@testable import Inventory

@Suite("A snapshot of an item")
struct ItemSnapshotTests {
    @Test("leads to the same state, with the order of what is reserved")
    func sameState() throws {
        let time = Timestamp(millisecondsSinceEpoch: 1_772_366_400_000)
        let id = UUIDv7(at: time)
        let reservations = (0..<3).map { _ in UUIDv7(at: time) }
        let history: [ItemEvent] =
            [
                .created(ItemCreated(id: id, sku: "A", name: "Lamp")),
                .adjusted(StockAdjusted(id: id, store: "main", quantity: 10)),
                .adjusted(StockAdjusted(id: id, store: "north", quantity: 5)),
                .adjusted(StockAdjusted(id: id, store: "north", quantity: -5)),
            ]
            + reservations.map {
                .reserved(StockReserved(id: id, reservationID: $0, store: "main", quantity: 3, reference: "order"))
            } + [
                .released(StockReleased(id: id, reservationID: reservations[1], store: "main", quantity: 1)),
                .confirmed(StockConfirmed(id: id, reservationID: reservations[0], store: "main", quantity: 3)),
            ]
        let state = history.reduce(ItemDecider.initialState, ItemDecider.evolve)
        let codec = try #require(ItemDecider.snapshots)
        let read = try codec.decode(codec.encode(state))
        #expect(read == state)
        let release = ItemDecider.Command.release(.oldest(quantity: try Quantity(4), store: .main))
        #expect(try ItemDecider.decide(release, read) == ItemDecider.decide(release, state))
    }
}
