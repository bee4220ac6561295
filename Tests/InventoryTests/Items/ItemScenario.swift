// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Inventory

/// Events and commands of the item that these tests are about.
enum ItemScenario {
    static let created = ItemEvent.created(
        ItemCreated(id: sampleID, sku: "PROD-001", name: "Lamp", description: "It shines"))
    static let deleted = ItemEvent.deleted(ItemDeleted(id: sampleID, sku: "PROD-001"))

    static func updated(_ name: String, _ description: String? = "It shines") -> ItemEvent {
        .updated(ItemUpdated(id: sampleID, name: name, description: description))
    }

    static func adjusted(_ quantity: Int, _ store: String = "main") -> ItemEvent {
        .adjusted(StockAdjusted(id: sampleID, store: store, quantity: quantity))
    }

    static func reserved(_ number: Int, _ quantity: Int, _ store: String = "main", for reference: String? = nil)
        -> ItemEvent
    {
        .reserved(
            StockReserved(
                id: sampleID, reservationID: uuid(number), store: store, quantity: quantity, reference: reference))
    }

    static func released(_ number: Int, _ quantity: Int, _ store: String = "main", for reference: String? = nil)
        -> ItemEvent
    {
        .released(
            StockReleased(
                id: sampleID, reservationID: uuid(number), store: store, quantity: quantity, reference: reference))
    }

    static func confirmed(_ number: Int, _ quantity: Int, _ store: String = "main", for reference: String? = nil)
        -> ItemEvent
    {
        .confirmed(
            StockConfirmed(
                id: sampleID, reservationID: uuid(number), store: store, quantity: quantity, reference: reference))
    }

    /// The state after events.
    static func state(after events: [ItemEvent]) -> ItemDecider.State {
        events.reduce(ItemDecider.initialState, ItemDecider.evolve)
    }

    /// What follows when a command meets the state after some events.
    static func decide(given past: [ItemEvent], when command: ItemDecider.Command) throws -> [ItemEvent] {
        try ItemDecider.decide(command, state(after: past))
    }

    static func adjust(_ change: Int, _ store: String = "main") throws -> ItemDecider.Command {
        .adjust(AdjustStock(change: try QuantityChange(change), store: try StoreCode(store)))
    }

    static func reserve(_ number: Int, _ quantity: Int, _ store: String = "main") throws -> ItemDecider.Command {
        .reserve(ReserveStock(id: uuid(number), quantity: try Quantity(quantity), store: try StoreCode(store)))
    }

    static func release(_ number: Int, _ quantity: Int? = nil) throws -> ItemDecider.Command {
        .release(.reservation(uuid(number), quantity: try quantity.map { try Quantity($0) }))
    }

    static func releaseOldest(_ quantity: Int, _ store: String = "main") throws -> ItemDecider.Command {
        .release(.oldest(quantity: try Quantity(quantity), store: try StoreCode(store)))
    }
}
