// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// The item was removed, with what is left in its stores. Wire name `inventory.items.deleted`.
public struct ItemDeleted: Sendable, Equatable {
    /// The item.
    public let id: UUIDv7
    /// Its SKU, which is free again.
    public let sku: String

    /// Describes a removal.
    public init(id: UUIDv7, sku: String) {
        self.id = id
        self.sku = sku
    }
}
