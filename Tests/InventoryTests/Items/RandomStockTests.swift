// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Testing

@testable import Inventory

/// What an item's stores have, kept as simply as can be: what the decider is compared with.
private struct Ledger {
    struct Entry {
        let id: UUIDv7
        let store: String
        var quantity: Int
    }

    var quantities: [String: Int] = [:]
    /// In the order in which they were made.
    var open: [Entry] = []

    func reserved(_ store: String) -> Int { open.filter { $0.store == store }.reduce(0) { $0 + $1.quantity } }

    mutating func take(_ event: ItemEvent) {
        switch event {
        case .adjusted(let stock): quantities[stock.store, default: 0] += stock.quantity
        case .reserved(let stock):
            open.append(Entry(id: stock.reservationID, store: stock.store, quantity: stock.quantity))
        case .released(let stock): give(stock.quantity, of: stock.reservationID)
        case .confirmed(let stock):
            quantities[stock.store, default: 0] -= stock.quantity
            give(stock.quantity, of: stock.reservationID)
        case .created, .updated, .deleted: break
        }
    }

    private mutating func give(_ quantity: Int, of id: UUIDv7) {
        guard let index = open.firstIndex(where: { $0.id == id }) else { return }
        open[index].quantity -= quantity
        if open[index].quantity == 0 { open.remove(at: index) }
    }
}

@Suite("Stock after many random commands")
struct RandomStockTests {
    private static let stores = ["main", "north"]

    private func command(_ number: Int, _ ledger: Ledger, _ random: inout SeededGenerator) throws -> ItemDecider.Command
    {
        let store = Self.stores.randomElement(using: &random) ?? "main"
        let quantity = Int.random(in: 1...30, using: &random)
        let reservation = ledger.open.randomElement(using: &random)
        switch Int.random(in: 0..<15, using: &random) {
        case 0: return try ItemScenario.adjust(quantity, store)
        case 1: return try ItemScenario.adjust(-quantity, store)
        case 2: return try ItemScenario.releaseOldest(quantity, store)
        case 3:
            return .release(
                .reservation(reservation?.id ?? uuid(1), quantity: try Quantity(Int.random(in: 1...5, using: &random))))
        case 4: return .release(.reservation(reservation?.id ?? uuid(1), quantity: nil))
        case 5: return .confirm(reservation?.id ?? uuid(1))
        default: return try ItemScenario.reserve(number, Int.random(in: 1...5, using: &random), store)
        }
    }

    private func stock(of state: ItemDecider.State) -> Stock? {
        if case .present(let item) = state { item.stock } else { nil }
    }

    @Test("is what a simple count says, is never oversold, and both read models say the same", arguments: 1...4)
    func random(seed: UInt64) throws {
        let stream = Items.stream(of: sampleID)
        var random = SeededGenerator(seed: seed)
        var (ledger, version, refused, mostOpen) = (Ledger(), Int64(0), 0, 0)
        var (state, item, reservations) = (ItemDecider.initialState, ItemDocument?.none, ReservationsDocument?.none)
        func append(_ events: [ItemEvent]) throws {
            for event in events {
                version += 1
                let envelope = recorded(event, version: version, stream: stream)
                state = ItemDecider.evolve(state, event)
                item = try ItemProjection.evolve(item, event, envelope)
                reservations = try ReservationsProjection.evolve(reservations, event, envelope)
                ledger.take(event)
            }
        }
        try append([ItemScenario.created, ItemScenario.adjusted(500), ItemScenario.adjusted(100, "north")])
        for number in 2..<1000 {
            let next = try command(number, ledger, &random)
            do { try append(try ItemDecider.decide(next, state)) } catch is ItemRejection { refused += 1 }
            mostOpen = max(mostOpen, ledger.open.count)
            let present = try #require(stock(of: state))
            for store in Self.stores {
                #expect(present[store].quantity == ledger.quantities[store, default: 0])
                #expect(present[store].reserved == ledger.reserved(store))
                #expect(present[store].available >= 0)
                #expect(present[store].oldest == ledger.open.first { $0.store == store }?.id)
                #expect(present[store].newest == ledger.open.last { $0.store == store }?.id)
            }
        }
        #expect(refused > 0)
        #expect(mostOpen > 20)
        #expect(item?.quantity == ledger.quantities.values.reduce(0, +))
        #expect(item?.reserved == ledger.open.reduce(0) { $0 + $1.quantity })
        #expect(reservations?.oldestFirst.map(\.id) == ledger.open.map(\.id.description))
        #expect(reservations?.oldestFirst.map(\.quantity) == ledger.open.map(\.quantity))
    }
}
