// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// There is a new item. Wire name `inventory.items.created`.
public struct ItemCreated: Sendable, Equatable {
    /// The new item.
    public let id: UUIDv7
    /// Its SKU, canonical.
    public let sku: String
    /// What it is called, normalised.
    public let name: String
    /// What it is, normalised; `nil` if nobody said.
    public let description: String?

    /// Describes a new item.
    public init(id: UUIDv7, sku: String, name: String, description: String? = nil) {
        self.id = id
        self.sku = sku
        self.name = name
        self.description = description
    }
}
