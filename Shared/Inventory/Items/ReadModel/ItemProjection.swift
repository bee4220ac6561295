// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// Items and their stock as a fold.
public enum ItemProjection: Projection {
    /// `inventory_items`.
    public static let name = "inventory_items"
    /// `item`.
    public static let category = Items.streamCategory
    /// All that can happen to items.
    public static let eventPatterns = Items.eventPatterns
    /// By SKU.
    public static let lookups = [ItemDocument.bySKU]
    /// By name.
    public static let lists = [ItemDocument.byName]

    /// The document after an event.
    public static func evolve(
        _ document: ItemDocument?, _ event: ItemEvent, _ recorded: RecordedEvent
    ) throws(MalformedEvent) -> ItemDocument {
        try recorded.check(isIn: Items.stream(of: event.id))
        if case .created(let item) = event {
            try document.checkAbsent()
            return ItemDocument(item, version: recorded.version, createdAt: recorded.recordedAt)
        }
        var item = try document.existing()
        switch event {
        case .created: break
        case .updated(let change): (item.name, item.description) = (change.name, change.description)
        case .deleted: item.clear()
        case .adjusted(let stock): try item.change(stock.store, quantity: stock.quantity, reserved: 0)
        case .reserved(let stock): try item.change(stock.store, quantity: 0, reserved: stock.quantity)
        case .released(let stock): try item.change(stock.store, quantity: 0, reserved: -stock.quantity)
        case .confirmed(let stock):
            try item.change(stock.store, quantity: -stock.quantity, reserved: -stock.quantity)
        }
        item.version = recorded.version
        item.updatedAt = recorded.recordedAt
        return item
    }
}

extension ItemDocument {
    /// Takes everything out but that there was an item.
    fileprivate mutating func clear() {
        (sku, name, description) = (nil, nil, nil)
        (stores, quantity, reserved) = ([], 0, 0)
    }

    /// Changes what a store has, and the sums.
    fileprivate mutating func change(
        _ code: String, quantity quantityChange: Int, reserved reservedChange: Int
    ) throws(MalformedEvent) {
        let place = stores.firstIndex { $0.store >= code } ?? stores.count
        if place == stores.count || stores[place].store != code {
            stores.insert(StoreDocument(store: code), at: place)
        }
        stores[place].quantity += quantityChange
        stores[place].reserved += reservedChange
        guard stores[place].isPossible else {
            throw MalformedEvent(.invalidData, "a store cannot have that, or reserve it")
        }
        quantity += quantityChange
        reserved += reservedChange
    }
}
