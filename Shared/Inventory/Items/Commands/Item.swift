// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// What deciding needs to know of an item.
public struct Item: Sendable, Equatable {
    /// The item.
    public let id: UUIDv7
    /// Its SKU, canonical.
    public let sku: String
    /// What it is called, normalised.
    public internal(set) var name: String
    /// What it is, normalised.
    public internal(set) var description: String?
    /// What there is of it.
    public internal(set) var stock = Stock()

    /// An item that there is nothing of yet.
    init(_ created: ItemCreated) {
        id = created.id
        sku = created.sku
        name = created.name
        description = created.description
    }
}
