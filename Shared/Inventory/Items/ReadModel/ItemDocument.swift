// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

/// The read model's document of one item and its stock. A deleted item leaves one without content.
public struct ItemDocument: TombstoneDocument {
    /// The item.
    public let id: String
    /// The version of the last event reflected.
    public internal(set) var version: Int64
    /// When the item was taken in.
    public let createdAt: Timestamp
    /// When the last event was recorded.
    public internal(set) var updatedAt: Timestamp
    /// Its SKU, canonical; `nil` once deleted.
    public internal(set) var sku: String?
    /// What it is called; `nil` once deleted.
    public internal(set) var name: String? { didSet { nameKey = name.map(ItemName.key(of:)) } }
    /// What it is sorted and searched by: `key(of:)` of the name; `nil` once deleted.
    public private(set) var nameKey: String?
    /// What it is.
    public internal(set) var description: String?
    /// What each store has that has, or once had, some: in order of their codes.
    public internal(set) var stores: [StoreDocument] = []
    /// How many there are in all stores.
    public internal(set) var quantity = 0
    /// How many of these are reserved.
    public internal(set) var reserved = 0

    /// The document of an item that there is nothing of yet.
    init(_ item: ItemCreated, version: Int64, createdAt: Timestamp) {
        id = item.id.description
        self.version = version
        self.createdAt = createdAt
        updatedAt = createdAt
        sku = item.sku
        name = item.name
        nameKey = ItemName.key(of: item.name)
        description = item.description
    }

    /// Whether the item has been deleted.
    public var isDeleted: Bool { sku == nil }

    /// How an item is looked up by ``SKU/text``.
    public static let bySKU = ReadModelField<ItemDocument>("sku") { $0.sku }

    /// How items are listed: by their names, without regard to case.
    public static let byName = ReadModelField<ItemDocument>("nameKey") { $0.nameKey }
}
