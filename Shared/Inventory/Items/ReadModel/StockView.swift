// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What there is of an item, as queries see it. There is none of a deleted item.
public struct StockView: Sendable, Equatable {
    /// The item.
    public let id: String
    /// Its SKU, canonical.
    public let sku: String
    /// How many there are in all stores.
    public let quantity: Int
    /// How many of these are reserved.
    public let reserved: Int
    /// The version of the last event reflected.
    public let version: Int64
    /// What each store has that has, or once had, some: in order of their codes.
    public let stores: [StoreView]

    /// How many can be reserved or taken away in all stores.
    public var available: Int { quantity - reserved }

    /// What a document shows.
    ///
    /// - Returns: `nil` for what a deleted item left.
    public init?(_ document: ItemDocument) {
        guard let sku = document.sku else { return nil }
        id = document.id
        self.sku = sku
        quantity = document.quantity
        reserved = document.reserved
        version = document.version
        stores = document.stores.map(StoreView.init)
    }

    /// The stores of which each can serve a demand by itself: what is reserved is reserved in one store.
    ///
    /// - Parameter store: the only one that counts; `nil` for any.
    public func stores(with quantity: Quantity, in store: StoreCode? = nil) -> [StoreView] {
        stores.filter { $0.available >= quantity.value && (store == nil || $0.store == store?.text) }
    }
}
