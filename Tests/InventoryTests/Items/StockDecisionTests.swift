// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Inventory
import Testing

private typealias Given = ItemScenario

/// An item of which `main` has 10.
private let stocked = [Given.created, Given.adjusted(10)]

@Suite("Deciding on stock")
struct StockDecisionTests {
    // MARK: Adjusting

    @Test("given stock, when adjusted, then the event says by how many, where and why")
    func adjustment() throws {
        #expect(try Given.decide(given: stocked, when: Given.adjust(-10)) == [Given.adjusted(-10)])
        let command = ItemDecider.Command.adjust(
            AdjustStock(change: try QuantityChange(3), store: try StoreCode("north"), reason: try Remark(" found ")))
        #expect(
            try Given.decide(given: stocked, when: command)
                == [.adjusted(StockAdjusted(id: sampleID, store: "north", quantity: 3, reason: "found"))])
    }

    @Test("given too little that is not reserved, when adjusted down, then that is refused with what is available")
    func adjustBelow() throws {
        let past = stocked + [Given.reserved(2, 4)]
        #expect(throws: ItemRejection.insufficientStock(available: 6)) {
            try Given.decide(given: past, when: Given.adjust(-7))
        }
        #expect(throws: ItemRejection.insufficientStock(available: 0)) {
            try Given.decide(given: past, when: Given.adjust(-1, "north"))
        }
        #expect(try Given.decide(given: past, when: Given.adjust(-6)) == [Given.adjusted(-6)])
    }

    @Test("given a store, when it would have more than can be counted, then that is refused")
    func overflow() throws {
        let past = [Given.created, Given.adjusted(Quantity.maximum - 1)]
        #expect(try Given.decide(given: past, when: Given.adjust(1)) == [Given.adjusted(1)])
        #expect(throws: ItemRejection.tooMuchStock) { try Given.decide(given: past, when: Given.adjust(2)) }
        #expect(try Given.decide(given: past, when: Given.adjust(2, "north")) == [Given.adjusted(2, "north")])
    }

    @Test("given as many stores as there can be, when another one is adjusted, then that is refused")
    func stores() throws {
        let past = [Given.created] + (1...ItemDecider.storeLimit).map { Given.adjusted(1, "s\($0)") }
        #expect(throws: ItemRejection.tooManyStores) { try Given.decide(given: past, when: Given.adjust(1)) }
        #expect(try Given.decide(given: past, when: Given.adjust(1, "s7")) == [Given.adjusted(1, "s7")])
    }

    // MARK: Reserving

    @Test("given stock, when reserved, then the event has all that the command says")
    func reservation() throws {
        let command = ItemDecider.Command.reserve(
            ReserveStock(
                id: uuid(2), quantity: try Quantity(10), reference: try Remark("order 7"), expiresAt: time(of: 9)))
        #expect(
            try Given.decide(given: stocked, when: command) == [
                .reserved(
                    StockReserved(
                        id: sampleID, reservationID: uuid(2), store: "main", quantity: 10, reference: "order 7",
                        expiresAt: time(of: 9)))
            ])
    }

    @Test("given too little in a store, when reserved there, then that is refused with what is available there")
    func oversell() throws {
        let past = stocked + [Given.adjusted(50, "north"), Given.reserved(2, 4), Given.reserved(3, 5)]
        #expect(throws: ItemRejection.insufficientStock(available: 1)) {
            try Given.decide(given: past, when: Given.reserve(4, 2))
        }
        #expect(throws: ItemRejection.insufficientStock(available: 0)) {
            try Given.decide(given: past, when: Given.reserve(4, 1, "south"))
        }
        #expect(try Given.decide(given: past, when: Given.reserve(4, 1)) == [Given.reserved(4, 1)])
    }

    @Test("given an open reservation, when another has its identifier, then that is refused")
    func sameReservation() throws {
        #expect(throws: ItemRejection.reservationExists) {
            try Given.decide(given: stocked + [Given.reserved(2, 1)], when: Given.reserve(2, 1))
        }
    }

    @Test(
        "given as many reservations as there can be, when another is wanted, then that is refused until one is closed")
    func reservations() throws {
        let most = 2..<ItemDecider.reservationLimit + 2
        let past = [Given.created, Given.adjusted(Quantity.maximum)] + most.map { Given.reserved($0, 1) }
        let full = Given.state(after: past)
        #expect(throws: ItemRejection.tooManyReservations) { try ItemDecider.decide(Given.reserve(1, 1), full) }
        let after = ItemDecider.evolve(full, Given.confirmed(500, 1))
        #expect(try ItemDecider.decide(Given.reserve(1, 1), after) == [Given.reserved(1, 1)])
    }

    // MARK: Releasing

    @Test("given a reservation, when released, then all or a part of it is available again, and says for what it was")
    func release() throws {
        let past = stocked + [Given.reserved(2, 4, for: "order 7")]
        #expect(try Given.decide(given: past, when: Given.release(2)) == [Given.released(2, 4, for: "order 7")])
        #expect(try Given.decide(given: past, when: Given.release(2, 1)) == [Given.released(2, 1, for: "order 7")])
        #expect(
            try Given.decide(given: past + [Given.released(2, 1)], when: Given.release(2))
                == [Given.released(2, 3, for: "order 7")])
        #expect(
            try Given.decide(given: past + [Given.released(2, 1)], when: Given.reserve(3, 7)) == [Given.reserved(3, 7)])
    }

    @Test("given too little reserved, when released, then that is refused with what is reserved")
    func releaseTooMuch() throws {
        let past = stocked + [Given.reserved(2, 4), Given.reserved(3, 1)]
        #expect(throws: ItemRejection.notReserved(reserved: 4)) {
            try Given.decide(given: past, when: Given.release(2, 5))
        }
        #expect(throws: ItemRejection.notReserved(reserved: 0)) {
            try Given.decide(given: past, when: Given.release(9))
        }
        #expect(throws: ItemRejection.notReserved(reserved: 5)) {
            try Given.decide(given: past, when: Given.releaseOldest(6))
        }
        #expect(throws: ItemRejection.notReserved(reserved: 0)) {
            try Given.decide(given: past, when: Given.releaseOldest(1, "north"))
        }
        #expect(throws: ItemRejection.notReserved(reserved: 0)) {
            try Given.decide(given: past + [Given.released(2, 4)], when: Given.release(2))
        }
    }

    @Test("given several reservations, when so many are released in a store, then the oldest there give them back")
    func releaseOldest() throws {
        let past =
            stocked + [
                Given.adjusted(9, "north"), Given.reserved(5, 2), Given.reserved(4, 9, "north"), Given.reserved(3, 2),
                Given.reserved(2, 2),
            ]
        #expect(try Given.decide(given: past, when: Given.releaseOldest(1)) == [Given.released(5, 1)])
        #expect(
            try Given.decide(given: past, when: Given.releaseOldest(5))
                == [Given.released(5, 2), Given.released(3, 2), Given.released(2, 1)])
        #expect(
            try Given.decide(given: past + [Given.confirmed(3, 2)], when: Given.releaseOldest(3))
                == [Given.released(5, 2), Given.released(2, 1)])
        #expect(try Given.decide(given: past, when: Given.releaseOldest(9, "north")) == [Given.released(4, 9, "north")])
    }

    @Test("given many reservations, when more would be released than fit into one append, then that is refused")
    func releaseMany() throws {
        let limit = ItemDecider.releaseLimit
        let past = [Given.created, Given.adjusted(limit + 1)] + (2...limit + 2).map { Given.reserved($0, 1) }
        #expect(try Given.decide(given: past, when: Given.releaseOldest(limit)).count == limit)
        #expect(throws: ItemRejection.tooManyToRelease) {
            try Given.decide(given: past, when: Given.releaseOldest(limit + 1))
        }
    }

    // MARK: Confirming

    @Test("given a reservation, when confirmed, then what is left of it leaves, and is no longer there")
    func confirm() throws {
        let past = stocked + [Given.reserved(2, 4, for: "order 7"), Given.released(2, 1)]
        #expect(try Given.decide(given: past, when: .confirm(uuid(2))) == [Given.confirmed(2, 3, for: "order 7")])
        let after = past + [Given.confirmed(2, 3)]
        #expect(throws: ItemRejection.insufficientStock(available: 7)) {
            try Given.decide(given: after, when: Given.reserve(3, 8))
        }
    }

    @Test("given a reservation that is closed, when confirmed, then that is refused")
    func confirmClosed() throws {
        for end in [Given.confirmed(2, 4), Given.released(2, 4)] {
            #expect(throws: ItemRejection.notReserved(reserved: 0)) {
                try Given.decide(given: stocked + [Given.reserved(2, 4), end], when: .confirm(uuid(2)))
            }
        }
    }

    // MARK: States

    @Test("a state stays as it was when others are made of it")
    func persistence() throws {
        let before = Given.state(after: stocked + [Given.reserved(2, 4)])
        _ = ItemDecider.evolve(before, Given.confirmed(2, 4))
        _ = ItemDecider.evolve(before, Given.adjusted(1000))
        #expect(before == Given.state(after: stocked + [Given.reserved(2, 4)]))
        #expect(try ItemDecider.decide(.confirm(uuid(2)), before) == [Given.confirmed(2, 4)])
    }

    @Test("events that no decision leads to do not stop the fold")
    func nonsense() {
        let past = [
            Given.adjusted(5), Given.created, Given.released(2, 3), Given.confirmed(2, 3), Given.created,
            Given.reserved(2, 3), Given.reserved(2, 3), Given.released(2, 9), Given.deleted, Given.adjusted(1),
        ]
        #expect(Given.state(after: past) == .deleted)
    }
}
