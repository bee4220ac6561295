// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// Takes a new item in. The edge makes the identifier, so that deciding repeats exactly.
public struct CreateItem: Sendable, Equatable {
    /// The new item.
    public let id: UUIDv7
    /// What it is known by.
    public let sku: SKU
    /// What it is called.
    public let name: ItemName
    /// What it is, if somebody says.
    public let description: ItemDescription?
    /// How many there are to begin with; `nil` for none.
    public let quantity: Quantity?
    /// Where these are.
    public let store: StoreCode

    /// Describes a new item.
    public init(
        id: UUIDv7, sku: SKU, name: ItemName, description: ItemDescription? = nil, quantity: Quantity? = nil,
        store: StoreCode = .main
    ) {
        self.id = id
        self.sku = sku
        self.name = name
        self.description = description
        self.quantity = quantity
        self.store = store
    }
}
