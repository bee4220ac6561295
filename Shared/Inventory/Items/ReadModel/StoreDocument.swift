// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a store has of an item, in the item's document.
public struct StoreDocument: Sendable, Equatable, Codable {
    /// The store's code.
    public let store: String
    /// How many are there.
    public internal(set) var quantity = 0
    /// How many of these are reserved.
    public internal(set) var reserved = 0

    /// Whether that can be: nothing is sold that is not there.
    var isPossible: Bool { reserved >= 0 && reserved <= quantity && quantity <= Quantity.maximum }
}
