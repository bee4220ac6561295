// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// A store has more or fewer of an item. Wire name `inventory.stock.adjusted`.
public struct StockAdjusted: Sendable, Equatable {
    /// The item.
    public let id: UUIDv7
    /// The store's code.
    public let store: String
    /// By how many; negative for fewer.
    public let quantity: Int
    /// Why, if somebody said.
    public let reason: String?

    /// Describes a change of stock.
    public init(id: UUIDv7, store: String, quantity: Int, reason: String? = nil) {
        self.id = id
        self.store = store
        self.quantity = quantity
        self.reason = reason
    }
}
