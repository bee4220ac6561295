// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a store has of an item, as queries see it.
public struct StoreView: Sendable, Equatable {
    /// The store's code.
    public let store: String
    /// How many are there.
    public let quantity: Int
    /// How many of these are reserved.
    public let reserved: Int

    /// How many can be reserved or taken away.
    public var available: Int { quantity - reserved }

    init(_ document: StoreDocument) {
        store = document.store
        quantity = document.quantity
        reserved = document.reserved
    }
}
