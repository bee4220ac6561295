// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Says that a store has more or fewer of an item than was known.
public struct AdjustStock: Sendable, Equatable {
    /// By how many.
    public let change: QuantityChange
    /// Where.
    public let store: StoreCode
    /// Why, if somebody says.
    public let reason: Remark?

    /// Describes a change of stock.
    public init(change: QuantityChange, store: StoreCode = .main, reason: Remark? = nil) {
        self.change = change
        self.store = store
        self.reason = reason
    }
}
