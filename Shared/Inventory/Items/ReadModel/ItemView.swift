// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// An item as queries see one, with the sums over its stores. There is none of a deleted item.
public struct ItemView: Sendable, Equatable {
    /// The item.
    public let id: String
    /// Its SKU, canonical.
    public let sku: String
    /// What it is called.
    public let name: String
    /// What it is, if somebody said.
    public let description: String?
    /// How many there are.
    public let quantity: Int
    /// How many of these are reserved.
    public let reserved: Int
    /// The version of the last event reflected.
    public let version: Int64
    /// When the item was taken in.
    public let createdAt: Timestamp
    /// When the last event was recorded.
    public let updatedAt: Timestamp

    /// How many can be reserved or taken away.
    public var available: Int { quantity - reserved }

    /// What a document shows.
    ///
    /// - Returns: `nil` for what a deleted item left.
    public init?(_ document: ItemDocument) {
        guard let sku = document.sku, let name = document.name else { return nil }
        id = document.id
        self.sku = sku
        self.name = name
        description = document.description
        quantity = document.quantity
        reserved = document.reserved
        version = document.version
        createdAt = document.createdAt
        updatedAt = document.updatedAt
    }
}
